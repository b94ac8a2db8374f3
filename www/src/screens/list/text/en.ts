// The list in English.

import { plural } from "../../../lib/plural";

const count = (value: number): string => value.toLocaleString("en");

const en = {
  title: "Webhooks",
  used: (on: number, most: number) => `${count(on)} of ${count(most)} on`,
  create: "New webhook",
  search: "Search",
  searchHint: "Name or host",
  scope: "Whose",
  scopes: { own: "Mine", company: "Company" },
  filter: "Health",
  filtered: (chosen: number) => `Health: ${chosen}`,
  states: { WORKING: "Working", FAILING: "Failing", LAGGING: "Behind", OFF: "Off", NEW: "No deliveries yet" },
  clear: "Clear filters",
  columns: {
    name: "Name",
    health: "Health",
    activity: "Last 24 hours",
    deliveries: "Deliveries",
    last: "Last",
    on: "On",
  },
  allEvents: "all events",
  events: (chosen: number) => `${chosen} ${plural("en", chosen, { one: "event", other: "events" })}`,
  allProjects: "all projects",
  projects: (chosen: number) => `${chosen} ${plural("en", chosen, { one: "project", other: "projects" })}`,
  of: (name: string) => `by ${name}`,
  none: "—",
  noneYet: "none yet",
  summary: (shown: number) => `${count(shown)} ${plural("en", shown, { one: "webhook", other: "webhooks" })}`,
  mayNotCreate: {
    NOT_ADMINISTRATOR: (company: string) => `You administer no project of ${company}. Ask an administrator to create webhooks.`,
    LIMIT: (on: number, most: number) => `${count(on)} of ${count(most)} are on: switch one off or delete one.`,
    LIMIT_ALL: (all: number, most: number) => `There are ${count(all)} of ${count(most)} webhooks: delete one.`,
  },
  empty: {
    title: "No webhooks yet",
    text: "A webhook sends what happens in your projects to another system.",
    receiver: "Write a receiver in five lines",
    listen: "No receiver yet? This one runs in a terminal and shows what arrives:",
  },
  noMatch: { title: "No webhook matches", text: "None has these words and this health." },
  refresh: "Refresh",
};

export type Text = typeof en;
export default en;
