// The server's own rendering in JavaScript: what will be sent, and whether.

import * as glue from "#glue";
import { memory } from "#instance";

// What is wrong with what was given: each problem with its place.
export class InvalidInputError extends Error {
  static name = "InvalidInputError";

  constructor(problems) {
    super(problems.map(({ pointer, detail }) => (pointer === "" ? detail : `${pointer}: ${detail}`)).join("; "));
    this.problems = problems;
  }
}

Object.defineProperty(InvalidInputError.prototype, "name", { value: "InvalidInputError", configurable: true, writable: true });

// The exact request that a webhook would get for an event. `webhook` and `event` are objects, or JSON text whose spelling
// is kept.
export function preview({ webhook, event, secret, nextSecret, creatorIsMember, deliveryId, now }) {
  const settings = { secret, nextSecret, creatorIsMember, deliveryId, now: now instanceof Date ? now.getTime() : now };
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  const rest = given.map(([name, value]) => `,"${name}":${JSON.stringify(value)}`).join("");
  const request = `{"webhook":${json(webhook)},"event":${json(event)}${rest}}`;
  return JSON.parse(asking(() => core().preview(request)));
}

// Whether a payload meets a filter, and how each condition fared. Both are objects, or JSON text whose spelling is kept.
export function matchFilter(filter, payload) {
  return JSON.parse(asking(() => core().matchFilter(json(filter), json(payload))));
}

// What is wrong with a filter; nothing when it can be saved.
export function validateFilter(filter) {
  return JSON.parse(core().validateFilter(json(filter)));
}

// The JSON Schema of an event's full body; `undefined` for a name that is none.
export function schema(name) {
  const text = core().eventSchema(String(name));
  return text === undefined ? undefined : JSON.parse(text);
}

// A realistic entity for an event: its value after, or before it was deleted.
export function sample(name) {
  const { previousValue, currentValue } = sampleEvent(name);
  return currentValue ?? previousValue;
}

// A realistic event, as the API takes it.
export function sampleEvent(name) {
  try {
    return JSON.parse(core().sampleEvent(String(name)));
  } catch (detail) {
    throw typeof detail === "string" ? new InvalidInputError([{ pointer: "", detail }]) : detail;
  }
}

// The catalogue: every event that a webhook can subscribe to.
export const events = /* @__PURE__ */ catalogue();

// The bound functions, once there is a module behind them.
function core() {
  return memory() && glue;
}

function catalogue() {
  const list = JSON.parse(core().events());
  for (const event of list) Object.freeze(event);
  return Object.freeze(list);
}

function json(value) {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "null");
}

function asking(ask) {
  try {
    return ask();
  } catch (problems) {
    throw typeof problems === "string" ? new InvalidInputError(JSON.parse(problems)) : problems;
  }
}
