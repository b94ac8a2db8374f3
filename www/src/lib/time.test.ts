import { expect, test } from "vitest";

import { ago, left, moment } from "./time";

const NOW = Date.parse("2026-11-26T12:00:00.000Z");
const before = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

test("how long ago is told in one unit, and a clock that is behind tells nothing of the future", () => {
  const cases: [number, string, string][] = [
    [12, "12s ago", "12 s fa"],
    [-30, "0s ago", "0 s fa"],
    [59 * 60, "59m ago", "59 min fa"],
    [3 * 3600, "3h ago", "3 h fa"],
    [2 * 86_400, "2 days ago", "2 giorni fa"],
    [21 * 86_400, "3 weeks ago", "3 settimane fa"],
    [100 * 86_400, "3 months ago", "3 mesi fa"],
  ];
  for (const [seconds, en, it] of cases) {
    expect(ago("en", before(seconds), NOW).replace("min", "m")).toBe(en);
    expect(ago("it", before(seconds), NOW)).toBe(it);
  }
});

test("a moment has its year only where it is another one", () => {
  expect(moment("en", "2026-11-03T14:02:00.000Z", NOW)).toMatch(/^3 Nov, \d\d:\d\d$/);
  expect(moment("en", "2025-11-03T14:02:00.000Z", NOW)).toMatch(/^3 Nov 2025, \d\d:\d\d$/);
  expect(moment("it", "2026-11-03T14:02:00.000Z", NOW)).toMatch(/^3 nov, \d\d:\d\d$/);
});

test("what is left counts down to nothing", () => {
  const cases: [number, string][] = [[42_000, "0:42"], [61_000, "1:01"], [3_723_000, "1:02:03"], [-5, "0:00"], [400, "0:01"]];
  for (const [ms, expected] of cases) expect(left(NOW + ms, NOW)).toBe(expected);
});
