// Every text of the page in English; its shape is what a translation has to fill.

import { events, type Preview } from "bluehook/preview";

import type { EventName, Group } from "../lib/catalogue";

export type Why = NonNullable<Preview["why"]>;

export const en = {
  tagline: "Webhooks for Blue",
  title: "See exactly what will be sent",
  lead: "Set up a webhook, pick something that happens, and read the request as your server would get it, byte for byte.",
  skip: "Skip to the request",
  language: "Language",
  theme: "Appearance",
  themes: { system: "System", light: "Light", dark: "Dark" },
  webhook: "Webhook",
  name: "Name",
  url: "URL",
  secret: "Secret",
  secretHint: "Signs every request. Leave it empty to send unsigned.",
  show: "Show",
  hide: "Hide",
  enabled: "Enabled",
  format: "Body",
  formats: { full: "Full", compact: "Compact" },
  formatHints: {
    full: "The webhook and the entity before and after, with everything it belongs to.",
    compact: "The entity, and the ids of company, project and user.",
  },
  events: "Events",
  eventsAll: "All events",
  eventsSome: (count: number) => (count === 1 ? "1 event" : `${count} events`),
  search: "Search events",
  nothingFound: "No event has this in its name.",
  chooseAll: "Want all",
  filter: "Filter",
  filterHint: "Only records that match are sent. A JSON object, such as:",
  request: "The request",
  happens: "What happens",
  delivered: "Would be delivered",
  notDelivered: "Would not be delivered",
  deliveredHint: "This event passes every condition of the webhook.",
  headers: "Headers",
  signed: "Signed",
  unsigned: "Unsigned",
  body: "Body",
  bytes: (count: number) => `${count.toLocaleString("en")} bytes`,
  views: { readable: "Readable", exact: "Exact bytes" },
  view: "Show the body",
  copy: "Copy",
  copied: "Copied",
  faulty: "Not right yet",
  faultyHint: "Once what is marked is put right, this says whether the event would be delivered.",
  groups: {
    record: "Records",
    checklist: "Checklists",
    list: "Lists",
    customField: "Custom fields",
    tag: "Tags",
    comment: "Comments",
  } satisfies Record<Group, string>,
  descriptions: Object.fromEntries(events.map(({ event, description }) => [event, description])) as Record<
    EventName,
    string
  >,
  /** The reason in this language. */
  why: (why: Why): string => why.en,
};

export type Catalogue = typeof en;
