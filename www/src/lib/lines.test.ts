import { expect, test } from "vitest";

import { tokensOf } from "./colour";
import { laidOut, linesOf, LONGEST, rowAt, rowOf, type Lines, type View } from "./lines";

const rows = (lines: Lines): string[] =>
  Array.from({ length: lines.count }, (_, at) => {
    const { text, indent, line } = rowAt(lines, at);
    return `${line ?? "-"}|${"  ".repeat(indent)}${text}`;
  });

test("JSON is laid out without being parsed", () => {
  const body = '{"a":1.50,"b":[],"c":[{"d":"x,\\"{\\u0041"},true],"e":{},"a":null}';
  expect(rows(linesOf(body, "readable"))).toEqual([
    "1|{",
    '2|  "a":1.50,',
    '3|  "b":[],',
    '4|  "c":[',
    "5|    {",
    '6|      "d":"x,\\"{\\u0041"',
    "7|    },",
    "8|    true",
    "9|  ],",
    '10|  "e":{},',
    '11|  "a":null',
    "12|}",
  ]);
  expect(laidOut(linesOf(body, "readable"))).toContain('  "c": [\n    {\n');
});

test("white space of the text plays no part", () => {
  const spaced = '\n { "a" : [ 1 , 2 ] ,\n\t"b" : { } }\n';
  expect(JSON.parse(laidOut(linesOf(spaced, "readable")))).toEqual({ a: [1, 2], b: {} });
  expect(laidOut(linesOf(spaced, "exact"))).toBe(spaced);
});

test("exact rows together are the text", () => {
  const texts = [
    `{"a":"${"x".repeat(999)}\\\\\\"${"é😀".repeat(200)}","b":[${"1,".repeat(400)}2]}`,
    "plain\ntext\r\nwith lines",
    `["${"\\\\".repeat(500)}"]`,
    `<html>${"long ".repeat(100)}</html>`,
    "",
  ];
  for (const text of texts) {
    const lines = linesOf(text, "exact");
    const raw = Array.from({ length: lines.count }, (_, at) => text.slice(lines.at[at * 3], lines.at[at * 3 + 3] ?? text.length));
    expect(raw.join("")).toBe(text);
    expect(Math.max(...raw.map((row) => row.length))).toBeLessThanOrEqual(LONGEST.exact + 1);
    for (const row of raw) expect(row).not.toMatch(/\p{Surrogate}/u);
  }
});

test("a long string is cut, and its rows know that they are inside it", () => {
  const text = `{"long":"${'say \\"hi\\" '.repeat(200)}","next":1}`;
  for (const view of ["readable", "exact"] satisfies View[]) {
    const lines = linesOf(text, view);
    const second = Array.from({ length: lines.count }, (_, at) => rowAt(lines, at)).find(({ line }) => line === undefined);
    expect(second?.within).toBe(true);
    expect(tokensOf(second?.text ?? "", true)[0]?.kind).toBe("string");
    expect(JSON.parse(laidOut(lines))).toEqual(JSON.parse(text));
  }
});

test("a place leads to its row", () => {
  const lines = linesOf('{"a":1,"b":{"c":2}}', "readable");
  expect(rowAt(lines, rowOf(lines, 0)).text).toBe("{");
  expect(rowAt(lines, rowOf(lines, lines.text.indexOf('"c"'))).text).toBe('"c":2');
  expect(rowOf(lines, lines.text.length - 1)).toBe(lines.count - 1);
});

test("a broken text is shown as far as it goes", () => {
  for (const text of ['{"a":[1,', '{"a', "[", '{"a":"\\', "]}]"]) {
    for (const view of ["readable", "exact"] satisfies View[]) {
      const whole = laidOut(linesOf(text, view)).replace(/\s/g, "");
      expect(whole).toBe(text);
    }
  }
});

test("one mebibyte is quick to look through, however it is made", { timeout: 30_000 }, () => {
  for (const text of [`[${"{},".repeat(350_000)}{}]`, "[".repeat(1 << 20), `["${"a".repeat(1 << 20)}"]`, '"'.repeat(1 << 20)]) {
    const begun = performance.now();
    linesOf(text, "readable");
    linesOf(text, "exact");
    expect(performance.now() - begun).toBeLessThan(4000);
  }
});

test("the tokens of a row are the row", () => {
  const row = '"name" : "va\\"lue", [1e5, true, -0.5, null] ';
  const tokens = tokensOf(row, false);
  expect(tokens.map(({ text }) => text).join("")).toBe(row);
  expect(tokens.filter(({ kind }) => kind !== "mark").map(({ kind, text }) => [kind, text])).toEqual([
    ["name", '"name"'],
    ["string", '"va\\"lue"'],
    ["number", "1e5"],
    ["literal", "true"],
    ["number", "-0.5"],
    ["literal", "null"],
  ]);
});
