import { expect, test } from "vitest";

import type { Webhook } from "../../api/types";
import { bodyOf, differing, emptyFields, exactly, fieldsOf, NAMES, wireOf, type Fields } from "./fields";
import { merge, taking } from "./merge";

const WEBHOOK = {
  name: "CRM",
  url: "https://example.org/",
  events: ["TODO_CREATED", "COMMENT_CREATED"],
  projectIds: [],
  payloadFormat: "full",
  filter: { currentValue: { done: true } },
  description: null,
  headers: { "X-Team": null },
  rateLimitPerSecond: 5,
} as unknown as Webhook;

const changed = (change: Partial<Fields>): Fields => ({ ...fieldsOf(WEBHOOK), ...change });
const differences = (fields: Fields): string[] => differing(wireOf(fieldsOf(WEBHOOK)), wireOf(fields));

test("a form that nobody touched changes nothing", () => {
  expect(differences(changed({}))).toEqual([]);
  expect(differences(changed({ events: ["COMMENT_CREATED", "TODO_CREATED"] }))).toEqual([]);
  expect(differences(changed({ filter: '{"currentValue" : {"done":true}}' }))).toEqual([]);
});

test("only what differs is sent, numbers of a filter as they were written", () => {
  const fields = changed({ filter: '{"a": 1.50, "b": 12345678901234567890}', rate: "" });
  expect(differences(fields)).toEqual(["filter", "rateLimitPerSecond"]);
  expect(bodyOf(wireOf(fields), ["filter", "rateLimitPerSecond"])).toBe(
    '{"filter":{"a":1.50,"b":12345678901234567890},"rateLimitPerSecond":null}',
  );
});

test("a saved header is kept by null, replaced by a value, removed by its absence", () => {
  const [team] = fieldsOf(WEBHOOK).headers;
  expect(wireOf(changed({})).headers).toBe('{"X-Team":null}');
  expect(wireOf(changed({ headers: [{ ...team!, kept: false, value: "x" }] })).headers).toBe('{"X-Team":"x"}');
  expect(wireOf(changed({ headers: [] })).headers).toBe("{}");
});

test("all is never what is left of none", () => {
  const none = { ...emptyFields(), events: [], allProjects: false };
  expect(none.all).toBe(false);
  expect(wireOf({ ...none, all: true, events: ["TODO_CREATED"] }).events).toBe("[]");
});

test("the fields of a body are those of the webhook to the letter", () => {
  expect(exactly(WEBHOOK).events).toBe('["TODO_CREATED","COMMENT_CREATED"]');
});

test("every body of a form is JSON", () => {
  const fields = changed({ name: '"\\ è\u2028', rate: "many", description: "\n" });
  expect(Object.keys(JSON.parse(bodyOf(wireOf(fields), NAMES)) as object)).toEqual([...NAMES]);
});

test("two editors: what one changed is taken from that one, what both changed is asked", () => {
  const base = wireOf(fieldsOf(WEBHOOK));
  const mine = wireOf(changed({ name: "mine", rate: "9", url: "https://same.example/" }));
  const theirs = wireOf(changed({ name: "theirs", description: "new", url: "https://same.example/" }));
  expect(merge(base, mine, theirs)).toEqual({ conflicts: ["name"], theirs: ["description"] });
});

test("what is taken from the other is taken whole", () => {
  const other = changed({ all: true, events: [], name: "theirs" });
  expect(taking(changed({ name: "mine" }), other, ["events"])).toMatchObject({ name: "mine", all: true, events: [] });
});
