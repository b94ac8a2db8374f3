// The server's own rendering in JavaScript: what will be sent, and whether.

import { told } from "#catalogue";
import * as core from "#glue";
import { start } from "#instance";
import { checkOptions } from "./options.js";
import { samples, shared } from "#samples";
import { whole } from "./shared.js";

// The languages of problems, as the core numbers them. Any other is English.
const languages = ["en", "it"];

// What a value has to be, the core says.
const ANY = [(value) => JSON.stringify(value) !== undefined, "a value that JSON has"];
const SETTINGS = { secret: ANY, nextSecret: ANY, creatorIsMember: ANY, deliveryId: ANY, now: ANY };

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
export function preview({ webhook, event, ...settings }, options) {
  checkOptions("preview", settings, SETTINGS);
  const given = Object.keys(SETTINGS).filter((name) => settings[name] !== undefined);
  const written = (value) => JSON.stringify(value instanceof Date ? value.getTime() : value);
  const rest = given.map((name) => `,"${name}":${written(settings[name])}`).join("");
  const request = `{"webhook":${json(webhook)},"event":${json(event)}${rest}}`;
  return answer(ask(core.preview, options, request));
}

// Whether a payload meets a filter, and how each condition fared. Both are objects, or JSON text whose spelling is kept.
export function matchFilter(filter, payload, options) {
  return answer(ask(core.matchFilter, options, json(filter), json(payload)));
}

// What is wrong with a filter; nothing when it can be saved.
export function validateFilter(filter, options) {
  return JSON.parse(ask(core.validateFilter, options, json(filter)));
}

// A realistic entity for an event: its value after, or before it was deleted.
export function sample(name) {
  const { previousValue, currentValue } = sampleEvent(name);
  return currentValue ?? previousValue;
}

// A realistic event, as the API takes it. Names may be spelt RECORD_, as in Blue's documentation.
export function sampleEvent(name) {
  const known = String(name).replace(/^RECORD_/, "TODO_");
  if (!Object.hasOwn(samples, known)) return answer(ask(core.unknownEvent, undefined, String(name)));
  return whole(samples[known], shared);
}

// The catalogue: every event that a webhook can subscribe to.
export const events = /* @__PURE__ */ frozen(told);

function frozen(list) {
  return Object.freeze(list.map((about) => Object.freeze(about)));
}

// Asks the core, which there has to be.
function ask(question, options = {}, ...texts) {
  checkOptions("bluehook/preview", options, { language: ANY });
  start();
  return question(...texts, languages.indexOf(options.language));
}

function json(value) {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "null");
}

// An answer is an object; a list is what is wrong with the question.
function answer(text) {
  const answer = JSON.parse(text);
  if (Array.isArray(answer)) throw new InvalidInputError(answer);
  return answer;
}
