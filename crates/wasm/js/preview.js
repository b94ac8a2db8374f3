// The server's own rendering in JavaScript: what will be sent, and whether.

import { shared, told } from "#catalogue";
import { core } from "#glue";
import { memory } from "#instance";
import { whole } from "./shared.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

// The languages of problems, as the core numbers them. Any other is English.
const languages = ["en", "it"];

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
export function preview({ webhook, event, secret, nextSecret, creatorIsMember, deliveryId, now }, { language } = {}) {
  const settings = { secret, nextSecret, creatorIsMember, deliveryId, now: now instanceof Date ? now.getTime() : now };
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  const rest = given.map(([name, value]) => `,"${name}":${JSON.stringify(value)}`).join("");
  const request = `{"webhook":${json(webhook)},"event":${json(event)}${rest}}`;
  return answer(ask("preview", language, request));
}

// Whether a payload meets a filter, and how each condition fared. Both are objects, or JSON text whose spelling is kept.
export function matchFilter(filter, payload, { language } = {}) {
  return answer(ask("matchFilter", language, json(filter), json(payload)));
}

// What is wrong with a filter; nothing when it can be saved.
export function validateFilter(filter, { language } = {}) {
  return JSON.parse(ask("validateFilter", language, json(filter)));
}

// A realistic entity for an event: its value after, or before it was deleted.
export function sample(name) {
  const { previousValue, currentValue } = sampleEvent(name);
  return currentValue ?? previousValue;
}

// A realistic event, as the API takes it.
export function sampleEvent(name) {
  const known = told.find(({ event }) => event === name);
  if (known === undefined) return answer(ask("unknownEvent", undefined, String(name)));
  return whole(known.sample, shared);
}

// The catalogue: every event that a webhook can subscribe to.
export const events = /* @__PURE__ */ Object.freeze(told.map(({ sample, ...about }) => Object.freeze(about)));

// Asks the core: text goes into its memory, and the answer is read from there, which may have grown in between.
function ask(what, language, ...texts) {
  const parts = texts.map((text) => encoder.encode(text));
  const bytes = (at, length) => new Uint8Array(memory().buffer, at, length);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  let at = memory() && core.question(length);
  for (const part of parts) {
    bytes(at, part.length).set(part);
    at += part.length;
  }
  const answered = core[what](parts[0].length, languages.indexOf(language));
  return decoder.decode(bytes(core.answer(), answered));
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
