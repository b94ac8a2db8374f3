import { expect, test } from "vitest";

import { pause } from "./back-off";
import { plural } from "./plural";
import { pseudo } from "./pseudo";
import { afterColon } from "./sentence";

test("a server that is away is asked after 1, 2, 4 … 30 s", () => {
  expect([1, 2, 3, 5, 6, 60].map(pause)).toEqual([1000, 2000, 4000, 16_000, 30_000, 30_000]);
});

test("one and many", () => {
  const forms = { one: "consegna", other: "consegne" };
  expect([0, 1, 2].map((count) => plural("it", count, forms))).toEqual(["consegne", "consegna", "consegne"]);
});

test("after a colon a sentence has no capital, and names keep theirs", () => {
  expect(afterColon("The certificate expired.")).toBe("the certificate expired");
  expect(afterColon("DNS did not answer.")).toBe("DNS did not answer");
  expect(afterColon("erp.example.org answers 503")).toBe("erp.example.org answers 503");
});

test("the language that nobody speaks is longer by two fifths, whatever the shape of its texts", () => {
  const long = pseudo({ plain: "Webhooks", list: ["Search"], said: (name: string) => `Delete ${name}` });
  expect(long.plain.length).toBeGreaterThanOrEqual("Webhooks".length * 1.4);
  expect(long.list[0]).toMatch(/^Séàrch/);
  expect(long.said("CRM")).toMatch(/^Délété CRM/);
});
