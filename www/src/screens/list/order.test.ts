import { expect, test } from "vitest";

import type { DisabledBy, HealthState, Webhook } from "../../api/types";
import { inPlace, ordered } from "./order";

function webhook(name: string, state: HealthState, by?: DisabledBy): Webhook {
  return { id: name, name, health: { state }, disabled: by === undefined ? null : { by } } as unknown as Webhook;
}

const names = (webhooks: Webhook[]): string[] => webhooks.map(({ id }) => id);

test("what is broken comes first, what a person switched off is not broken", () => {
  const mixed = [
    webhook("zoo", "WORKING"),
    webhook("Äpfel", "NEW"),
    webhook("late", "LAGGING"),
    webhook("off", "OFF", "PERSON"),
    webhook("bad 10", "OFF", "EXHAUSTED"),
    webhook("bad 9", "OFF", "GONE"),
    webhook("failing", "FAILING"),
  ];
  expect(names(ordered(mixed, "en"))).toEqual(["bad 9", "bad 10", "failing", "late", "Äpfel", "off", "zoo"]);
});

test("what is read anew keeps its places: nothing jumps", () => {
  const before = [webhook("b", "WORKING"), webhook("a", "WORKING"), webhook("gone", "NEW")];
  const now = [webhook("a", "FAILING"), webhook("b", "WORKING"), webhook("new", "NEW")];
  expect(names(inPlace(before, now))).toEqual(["b", "a", "new"]);
  expect(inPlace(before, now)[1]?.health.state).toBe("FAILING");
});
