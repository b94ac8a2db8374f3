// Deliveries for tests, made offline by the code that makes the real ones.

import { Webhook } from "bluehook";
import { preview, sampleEvent } from "bluehook/preview";
import { hexadecimal } from "./hexadecimal.js";
import { TEXT, checkOptions } from "./options.js";

const HOUR = 60 * 60 * 1000;
const PROBE = "WEBHOOK_HEALTH_CHECK";

export const SECRET = "whsec_dGVzdHMgc2hhcmUgdGhpcyBzZWNyZXQgMzIgYnl0ZSE=";
const OTHER_SECRET = "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCBvZiAzMiBieSE=";

// How each kind differs from a valid delivery, and the code by which it is to be refused, if it is.
const KINDS = {
  valid: () => ({}),
  duplicated: () => ({}),
  rotated: (secret) => ({ settings: { secret: OTHER_SECRET, nextSecret: secret } }),
  tampered: () => ({ change: (body) => `${body.slice(0, -1)},"tampered":true}`, code: "SIGNATURE_MISMATCH" }),
  expired: (_, now) => ({ settings: { now: now - HOUR }, code: "TIMESTAMP_TOO_OLD" }),
  future: (_, now) => ({ settings: { now: now + HOUR }, code: "TIMESTAMP_TOO_NEW" }),
  wrongSecret: () => ({ settings: { secret: OTHER_SECRET }, code: "SIGNATURE_MISMATCH" }),
  unsigned: () => ({ settings: { secret: undefined }, code: "MISSING_SIGNATURE" }),
};

const OPTIONS = {
  secret: TEXT,
  now: [(value) => Number.isFinite(value), "milliseconds since 1970"],
  payloadFormat: [(value) => value === "full" || value === "compact", "full or compact"],
  id: TEXT,
};

export const kinds = Object.freeze(Object.keys(KINDS));

// One delivery of an event: `{kind, body, headers, code}`. A duplicated one is a valid one that is to be sent twice. Each has
// an id of its own, unless one is given.
export function delivery(event, kind = "valid", options = {}) {
  checkOptions("delivery", options, OPTIONS);
  if (!Object.hasOwn(KINDS, kind)) throw new TypeError(`delivery: no kind is called ${String(kind)}; there are ${kinds.join(", ")}`);
  const { secret = SECRET, now = Date.now(), payloadFormat = "full", id = newId() } = options;
  const { settings, change = (body) => body, code } = KINDS[kind](secret, now);
  const made = event === PROBE ? probe({ id, secret, now, ...settings }) : sent(event, payloadFormat, { deliveryId: id, secret, now, ...settings });
  return { kind, body: change(made.body), headers: made.headers, code };
}

// One of every kind.
export function deliveries(event, options) {
  return Object.fromEntries(kinds.map((kind) => [kind, delivery(event, kind, options)]));
}

// The probe that precedes enabling a webhook: whatever receives has to answer it with 2xx.
export function healthCheck(options) {
  return delivery(PROBE, "valid", options);
}

function sent(event, payloadFormat, settings) {
  const webhook = { url: "https://example.com/webhook", payloadFormat };
  return preview({ webhook, event: sampleEvent(event), ...settings });
}

function probe({ id, secret, nextSecret, now }) {
  const { webhook } = JSON.parse(sent("TODO_CREATED", "full", {}).body);
  const body = JSON.stringify({ event: PROBE, webhook });
  const timestamp = Math.floor(now / 1000);
  if (secret === undefined) return { body, headers: { "content-type": "application/json", "webhook-id": id, "webhook-timestamp": String(timestamp) } };
  const sign = (one) => new Webhook(one).sign(body, { id, timestamp });
  const headers = sign(secret);
  if (nextSecret === undefined) return { body, headers };
  const next = sign(nextSecret);
  return {
    body,
    headers: { ...headers, "x-signature-next": next["x-signature"], "webhook-signature": `${headers["webhook-signature"]} ${next["webhook-signature"]}` },
  };
}

function newId() {
  return `dlv_${hexadecimal(crypto.getRandomValues(new Uint8Array(12)))}`;
}
