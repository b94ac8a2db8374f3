// The program that every runtime and bundler of the matrix runs: it verifies, refuses and previews by the vectors.

import * as bluehook from "bluehook";
import * as preview from "bluehook/preview";
import { schema } from "bluehook/schemas";
import { checkPreview, checkVectors } from "../vectors/check.mjs";
import vectors from "../vectors/signatures.json" with { type: "json" };

export function check() {
  if (preview.events.some(({ event }) => schema(event).title !== event)) throw new Error("an event lacks its schema");
  return `${checkVectors(bluehook, vectors)} vectors, ${checkPreview(preview, bluehook)} previews`;
}
