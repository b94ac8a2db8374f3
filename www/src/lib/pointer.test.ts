import { expect, test } from "vitest";

import { lineOf, partsOf, placeOf, pointerOf } from "./pointer";

const TEXT = `{
  "currentValue": {
    "title": {"$startWith": "Bug"},
    "tags": [{"name": "a"}, {"na/me~": "b"}]
  },
  "$or": [
    {"x": 1}
  ]
}`;

const at = (pointer: string): string => {
  const { from, to } = placeOf(TEXT, pointer);
  return TEXT.slice(from, to).replace(/\s+/g, " ");
};

test("a pointer leads to its member, by name, or to its element", () => {
  expect(at("/currentValue/title/$startWith")).toBe('"$startWith": "Bug"');
  expect(at("/currentValue/title")).toBe('"title": {"$startWith": "Bug"}');
  expect(at("/currentValue/tags/1/na~1me~0")).toBe('"na/me~": "b"');
  expect(at("/$or/0/x")).toBe('"x": 1');
  expect(at("/$or/0")).toBe('{"x": 1}');
  expect(lineOf(TEXT, placeOf(TEXT, "/currentValue/title/$startWith").from)).toBe(3);
  expect(lineOf(TEXT, placeOf(TEXT, "/$or/0/x").from)).toBe(7);
});

test("what is not there leads to the deepest that is", () => {
  expect(at("/currentValue/title/other")).toBe('"title": {"$startWith": "Bug"}');
  expect(at("/nothing")).toBe(TEXT.replace(/\s+/g, " "));
  expect(at("")).toBe(TEXT.replace(/\s+/g, " "));
});

test("of a name that is there twice the last one counts, as in JSON.parse", () => {
  const twice = '{"a": 1, "a": 2}';
  const { from, to } = placeOf(twice, "/a");
  expect(twice.slice(from, to)).toBe('"a": 2');
});

test("a broken text ends nothing", () => {
  for (let end = 0; end < TEXT.length; end += 1) {
    const part = TEXT.slice(0, end);
    const { from, to } = placeOf(part, "/currentValue/tags/1/na~1me~0");
    expect(from).toBeGreaterThanOrEqual(0);
    expect(to).toBeLessThanOrEqual(part.length);
  }
});

test("names go through a pointer and back", () => {
  const names = ["", "a/b", "~1", "è", "$or", "0"];
  expect(partsOf(pointerOf(names))).toEqual(names);
  expect(partsOf("")).toEqual([]);
});
