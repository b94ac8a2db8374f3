import { events } from "bluehook/preview";
import { expect, test } from "vitest";

import { EVENTS, GROUPS } from "./events";

test("the events and their English words are the core's, in its order and groups", () => {
  const ours = GROUPS.flatMap(({ group, events }) => events.map(({ event, en }) => [group, event, en]));
  expect(ours).toEqual(events.map(({ group, event, description }) => [group, event, description]));
});

test("each has words of its own in both languages", () => {
  expect(new Set([...EVENTS.values()].map(({ en }) => en)).size).toBe(EVENTS.size);
  expect(new Set([...EVENTS.values()].map(({ it }) => it)).size).toBe(EVENTS.size);
});
