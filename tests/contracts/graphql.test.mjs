// Blue's GraphQL schema, as its documentation has it, and ours: nothing that a client of Blue relies on is gone or changed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { buildSchema, findBreakingChanges, findDangerousChanges } from "graphql";

import { printed } from "./program.mjs";

const blue = buildSchema(readFileSync(new URL("blue.graphql", import.meta.url), "utf8"));
const ours = buildSchema(printed("graphql-schema"));

test("no breaking change from Blue's schema to ours", () => {
  assert.deepEqual(findBreakingChanges(blue, ours), []);
});

test("no change that could surprise a client, either", () => {
  const surprises = findDangerousChanges(blue, ours);
  // Names of the user documentation, for input alone: deprecated, and never given out.
  const isRecord = ({ type, description }) => type === "VALUE_ADDED_TO_ENUM" && /\bRECORD_[A-Z_]+ was added to enum type WebhookEvent/.test(description);
  assert.deepEqual(surprises.filter((change) => !isRecord(change)), []);
  const values = ours.getType("WebhookEvent").getValues().filter(({ name }) => name.startsWith("RECORD_"));
  assert.ok(values.length > 0 && values.every(({ deprecationReason }) => deprecationReason));
});

test("the comparison would find one", () => {
  const less = buildSchema(printed("graphql-schema").replace("secret: String", ""));
  assert.equal(findBreakingChanges(blue, less).length, 1);
});
