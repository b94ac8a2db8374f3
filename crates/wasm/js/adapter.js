// What the adapters share: verify, keep duplicates out, choose the status. Responses carry the code and never the hint, which
// is for who runs the receiver.

import { Webhook } from "bluehook";

export const BODY_LIMIT = 8 * 1024 * 1024;

// What was sent cannot be read (400), or is not from who holds the secret (401), or was not handed over raw (500: a mistake
// of this receiver).
const STATUSES = {
  MISSING_SIGNATURE: 401,
  SIGNATURE_MISMATCH: 401,
  TIMESTAMP_TOO_OLD: 401,
  TIMESTAMP_TOO_NEW: 401,
  MALFORMED_SIGNATURE: 400,
  BODY_NOT_JSON: 400,
  BODY_NOT_RAW: 500,
};

// An object that says what to answer to a request with this body and these headers.
export function receiver(secret, { bodyLimit = BODY_LIMIT, duplicates, onRefused, ...options } = {}) {
  const webhook = typeof secret?.inspect === "function" ? secret : new Webhook(secret, options);
  return { bodyLimit, receive };

  // `handle` is called with the event, unless the request is refused or a duplicate. What it throws is passed on, and its
  // delivery counts as not handled. Gives `{status, code?}`, or what `handle` gave.
  async function receive(body, headers, handle) {
    let event;
    try {
      event = webhook.verify(body, headers);
    } catch (error) {
      const status = STATUSES[error.code];
      if (status === undefined || status === 500) throw error;
      await onRefused?.(error);
      return { status, code: error.code };
    }
    const id = duplicates === undefined ? undefined : deliveryId(webhook, body, headers);
    if (id !== undefined && !(await duplicates.claim(id))) return { status: 200, duplicate: true };
    try {
      return { status: 204, answer: await handle(event) };
    } catch (error) {
      if (id !== undefined) await duplicates.release(id);
      throw error;
    }
  }
}

// The signed id. X-Signature alone does not sign one, so it is not believed there.
function deliveryId(webhook, body, headers) {
  if (!webhook.inspect(body, headers).replayProtected) return undefined;
  return typeof headers.get === "function" ? headers.get("webhook-id") : headers["webhook-id"];
}

// Remembers the deliveries of the last hours in this process; several processes need a store that they share, with the same
// two functions.
export function memoryStore({ max = 100_000, seconds = 24 * 60 * 60 } = {}) {
  const until = new Map();
  return {
    claim(id) {
      const now = Date.now();
      if (until.get(id) > now) return false;
      until.delete(id);
      until.set(id, now + seconds * 1000);
      if (until.size > max) until.delete(until.keys().next().value);
      return true;
    },
    release(id) {
      until.delete(id);
    },
  };
}
