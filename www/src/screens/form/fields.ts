// What the form holds, how it is read from a webhook, and how the API takes it: each field as JSON text, so that what was
// typed into the filter keeps its spelling.

import type { Webhook } from "../../api/types";

export type Format = "full" | "compact";

/** An own header. The value of a saved one is never shown: it is kept, or replaced. */
export interface Header {
  key: number;
  name: string;
  value: string;
  kept: boolean;
}

export interface Fields {
  name: string;
  url: string;
  /** All events, also future ones; never inferred from `events`. */
  all: boolean;
  events: string[];
  allProjects: boolean;
  projectIds: string[];
  format: Format;
  filter: string;
  description: string;
  headers: Header[];
  rate: string;
}

/** The API's names of the fields, in the order in which they are told. */
export const NAMES = ["name", "url", "events", "projectIds", "payloadFormat", "filter", "description", "headers", "rateLimitPerSecond"] as const;
export type Name = (typeof NAMES)[number];
export type Wire = Record<Name, string>;

let keys = 0;

/** A number for a row of headers that no other row has. */
export function nextKey(): number {
  return (keys += 1);
}

/** An empty form: what a new webhook is without being told. */
export function emptyFields(): Fields {
  return {
    name: "",
    url: "",
    all: false,
    events: [],
    allProjects: true,
    projectIds: [],
    format: "full",
    filter: "",
    description: "",
    headers: [],
    rate: "",
  };
}

/** The form of a webhook. */
export function fieldsOf(webhook: Webhook): Fields {
  return {
    name: webhook.name ?? "",
    url: webhook.url ?? "",
    all: webhook.events.length === 0,
    events: [...webhook.events],
    allProjects: webhook.projectIds.length === 0,
    projectIds: [...webhook.projectIds],
    format: webhook.payloadFormat,
    filter: webhook.filter === null || webhook.filter === undefined ? "" : JSON.stringify(webhook.filter, null, 2),
    description: webhook.description ?? "",
    headers: Object.keys(webhook.headers ?? {}).map((name) => ({ key: nextKey(), name, value: "", kept: true })),
    rate: webhook.rateLimitPerSecond === null ? "" : String(webhook.rateLimitPerSecond),
  };
}

/** The fields as the API takes them. */
export function wireOf(fields: Fields): Wire {
  return {
    name: fields.name.trim() === "" ? "null" : JSON.stringify(fields.name.trim()),
    url: JSON.stringify(fields.url.trim()),
    events: JSON.stringify(fields.all ? [] : fields.events),
    projectIds: JSON.stringify(fields.allProjects ? [] : fields.projectIds),
    payloadFormat: JSON.stringify(fields.format),
    filter: filterOf(fields.filter),
    description: fields.description.trim() === "" ? "null" : JSON.stringify(fields.description.trim()),
    headers: headersOf(fields.headers),
    rateLimitPerSecond: rateOf(fields.rate),
  };
}

/** The fields of a webhook to the letter, as they stand in its bodies. */
export function exactly(webhook: Webhook): Pick<Wire, "name" | "url" | "events" | "projectIds" | "payloadFormat"> {
  const { name, url, events, projectIds, payloadFormat } = webhook;
  return {
    name: JSON.stringify(name),
    url: JSON.stringify(url ?? ""),
    events: JSON.stringify(events),
    projectIds: JSON.stringify(projectIds),
    payloadFormat: JSON.stringify(payloadFormat),
  };
}

/** The names whose values differ. The order in which events and projects were chosen is no difference. */
export function differing(a: Wire, b: Wire): Name[] {
  return NAMES.filter((name) => !same(name, a[name], b[name]));
}

/** Whether two values of a field are the same. */
export function same(name: Name, a: string, b: string): boolean {
  return a === b || ((name === "events" || name === "projectIds") && sorted(a) === sorted(b));
}

function sorted(list: string): string {
  return JSON.stringify((JSON.parse(list) as string[]).sort());
}

/** An object of JSON with these fields. */
export function bodyOf(wire: Wire, names: readonly Name[], more: Record<string, string> = {}): string {
  const given = [...names.map((name) => [name, wire[name]] as const), ...Object.entries(more)];
  return `{${given.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
}

/** Rows without a name are not there yet. */
export function headersOf(rows: readonly Header[]): string {
  const named = rows.filter(({ name }) => name.trim() !== "");
  const pairs = named.map(({ name, value, kept }) => `${JSON.stringify(name.trim())}:${kept ? "null" : JSON.stringify(value)}`);
  return `{${pairs.sort().join(",")}}`;
}

const TOKEN = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+/g;

/** JSON without the white space between its tokens. */
function filterOf(text: string): string {
  return text.match(TOKEN)?.join("") ?? "null";
}

/** A number as it is, anything else as text: the server then says what it expected. */
function rateOf(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "null";
  return /^\d{1,15}$/.test(trimmed) ? String(Number(trimmed)) : JSON.stringify(trimmed);
}
