import { expect, test } from "vitest";

import { holds, pieces } from "./words";

test("every word is somewhere, case and accents aside", () => {
  expect(holds("Qualcuno non è più assegnato", "PIU assegn")).toBe(true);
  expect(holds("TODO_ASSIGNEE_ADDED", "assignee added")).toBe(true);
  expect(holds("A tag was created", "tag deleted")).toBe(false);
  expect(holds("anything", "  ")).toBe(true);
});

test("what was looked for is marked, and nothing is lost", () => {
  expect(pieces("A record was created", "rec")).toEqual([
    { text: "A ", hit: false },
    { text: "rec", hit: true },
    { text: "ord was created", hit: false },
  ]);
  for (const [text, query] of [["aaa", "aa"], ["İstanbul", "i"], ["", "x"], ["più", "piu"]] as const) {
    expect(pieces(text, query).map((piece) => piece.text).join("")).toBe(text);
  }
});
