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
  assert.deepEqual(findDangerousChanges(blue, ours), []);
});

test("the comparison would find one", () => {
  const less = buildSchema(printed("graphql-schema").replace("secret: String", ""));
  assert.equal(findBreakingChanges(blue, less).length, 1);
});
