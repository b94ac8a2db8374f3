import { expect, test } from "vitest";

import { duration, rate } from "./number";

test("a rate is never 100% with a failure, never 0% with a success, and never made of a few", () => {
  const cases: [number, number, string | undefined][] = [
    [4, 0, undefined],
    [5, 0, "100%"],
    [0, 5, "0%"],
    [412, 4, "99.0%"],
    [1_000_000, 1, "99.9%"],
    [1, 1_000_000, "0.1%"],
    [3, 2, "60.0%"],
  ];
  for (const [succeeded, failed, expected] of cases) expect(rate("en", succeeded, failed)).toBe(expected);
  expect(rate("it", 412, 4)).toBe("99,0%");
});

test("a duration has the unit that one reads", () => {
  const cases: [number, string][] = [[0.84, "0.8 ms"], [102.4, "102 ms"], [999, "999 ms"], [1234, "1.2 s"]];
  for (const [ms, expected] of cases) expect(duration("en", ms)).toBe(expected);
  expect(duration("it", 1234)).toBe("1,2 s");
});
