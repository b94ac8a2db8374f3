import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as esm from "bluehook";
import * as esmPreview from "bluehook/preview";
import * as slim from "bluehook/slim";
import { checkPreview, checkVectors } from "../vectors/check.mjs";

const require = createRequire(import.meta.url);
const vectors = JSON.parse(readFileSync(new URL("../vectors/signatures.json", import.meta.url), "utf8"));

test("the vectors, imported", () => assert.ok(checkVectors(esm, vectors) > 80));

test("the vectors, required", () => assert.ok(checkVectors(require("bluehook"), vectors) > 80));

test("the vectors, with a module brought along", () => {
  assert.throws(() => new slim.Webhook("12345678").verify("{}", {}), /call init\(\)/);
  slim.init(new WebAssembly.Module(readFileSync(require.resolve("bluehook/bluehook.wasm"))));
  checkVectors(slim, vectors);
});

test("previews of every event verify, imported and required", () => {
  assert.equal(checkPreview(esmPreview, esm), 37);
  assert.equal(checkPreview(require("bluehook/preview"), require("bluehook")), 37);
});
