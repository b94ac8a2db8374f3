// The core's catalogue of events, by group.

import { events } from "bluehook/preview";

export type EventName = (typeof events)[number]["event"];
export type Group = (typeof events)[number]["group"];

export interface Shelf {
  group: Group;
  events: EventName[];
}

/** The groups in the catalogue's order, each with its events. */
export const shelves: readonly Shelf[] = [...new Set(events.map(({ group }) => group))].map((group) => ({
  group,
  events: events.filter((entry) => entry.group === group).map(({ event }) => event),
}));
