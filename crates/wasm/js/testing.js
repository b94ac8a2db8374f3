// Deliveries for tests, made offline by the code that makes the real ones.

import { preview, sampleEvent } from "bluehook/preview";

const HOUR = 60 * 60 * 1000;

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

export const kinds = Object.freeze(Object.keys(KINDS));

// One delivery of an event: `{kind, body, headers, code}`. A duplicated one is a valid one that is to be sent twice.
export function delivery(event, kind = "valid", { secret = SECRET, now = Date.now(), payloadFormat = "full", id = `dlv_${event}` } = {}) {
  const { settings, change = (body) => body, code } = KINDS[kind](secret, now);
  const webhook = { url: "https://example.com/webhook", payloadFormat };
  const { body, headers } = preview({ webhook, event: sampleEvent(event), deliveryId: id, secret, now, ...settings });
  return { kind, body: change(body), headers, code };
}

// One of every kind.
export function deliveries(event, options) {
  return Object.fromEntries(kinds.map((kind) => [kind, delivery(event, kind, options)]));
}
