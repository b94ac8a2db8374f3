// Verifying and signing.

import { notRawHint, parse, rawBody } from "./body.js";
import * as core from "./core.js";
import { WebhookVerificationError } from "./errors.js";
import { readHead } from "./headers.js";
import { hexadecimal } from "./hexadecimal.js";

const MAX_SECONDS = 0xffff_ffff;

// Whose secrets the core holds. It holds one receiver's at a time, so that its memory does not grow with their number.
let loaded;

export class Webhook {
  static name = "Webhook";
  #secrets;
  #tolerance;
  #requireTimestamp;
  #now;

  constructor(secret, { toleranceSeconds = 300, requireTimestamp = false, now = Date.now } = {}) {
    if (typeof toleranceSeconds !== "number" || !(toleranceSeconds >= 0)) {
      throw new TypeError("toleranceSeconds: expected a number of seconds, 0 or more");
    }
    this.#secrets = Array.isArray(secret) ? [...secret] : [secret];
    this.#tolerance = Math.min(toleranceSeconds, MAX_SECONDS);
    this.#requireTimestamp = requireTimestamp === true;
    this.#now = now;
    this.#load();
  }

  // The event, if the request is from who holds the secret, and fresh; throws a WebhookVerificationError otherwise.
  verify(body, headers) {
    const [, event] = this.#check(body, headers);
    return event;
  }

  // The same as a plain answer, with the scheme and the secret that decided. Never throws.
  inspect(body, headers) {
    try {
      const [found] = this.#check(body, headers);
      return found;
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      const { code, message, hint } = error;
      return hint === undefined ? { valid: false, code, message } : { valid: false, code, message, hint };
    }
  }

  // The headers of a request with this body, signed with the first secret: for tests.
  sign(body, { id = newId(), timestamp = this.#seconds() } = {}) {
    const raw = readRaw(body);
    const seconds = timestamp instanceof Date ? Math.floor(timestamp.getTime() / 1000) : timestamp;
    if (!Number.isSafeInteger(seconds)) {
      throw new TypeError("timestamp: expected a Date, or whole seconds since 1970");
    }
    this.#load();
    const [xSignature, signature] = core.sign(String(id), String(seconds), raw);
    return {
      "content-type": "application/json",
      "x-signature": xSignature,
      "webhook-id": String(id),
      "webhook-timestamp": String(seconds),
      "webhook-signature": signature,
    };
  }

  #check(body, headers) {
    const raw = readRaw(body);
    const head = readHead(headers);
    const now = this.#seconds();
    this.#load();
    const answer = core.check(head, raw, now);
    if (answer < 0) {
      const [code, message] = core.refusal(answer);
      throw new WebhookVerificationError(code, message, () => this.#explain(answer, head, raw));
    }
    // Without a webhook-signature the core accepts X-Signature only, and says so by accepting at all.
    const standard = !head.endsWith("\0");
    const scheme = standard ? "standard" : "x-signature";
    return [{ valid: true, scheme, secretIndex: answer, replayProtected: standard }, readJson(raw)];
  }

  #explain(answer, head, raw) {
    this.#load();
    return core.explain(answer, head, raw);
  }

  #load() {
    if (loaded === this) return;
    loaded = undefined;
    const problem = secretsProblem(this.#secrets) ?? core.load(this.#secrets, this.#tolerance, this.#requireTimestamp);
    if (problem !== undefined) throw badSecret(problem);
    loaded = this;
  }

  #seconds() {
    return Math.floor(this.#now() / 1000);
  }
}

function readRaw(body) {
  const raw = rawBody(body);
  if (raw !== undefined) return raw;
  throw new WebhookVerificationError("BODY_NOT_RAW", "the body is neither text nor bytes", notRawHint(body));
}

function readJson(raw) {
  try {
    return parse(raw);
  } catch {
    throw new WebhookVerificationError(
      "BODY_NOT_JSON",
      "the signature is right, but the body is not JSON",
      "Whoever holds the secret signed something else than an event.",
    );
  }
}

function secretsProblem(secrets) {
  if (secrets.length === 0) return "no secret was given";
  const at = secrets.findIndex((secret) => typeof secret !== "string");
  return at < 0 ? undefined : `a secret is text; found ${secrets[at] === null ? "null" : typeof secrets[at]}`;
}

function badSecret(problem) {
  const hint = "Pass the secret that was shown when the webhook was made; if it comes from the environment, is the variable set?";
  return new WebhookVerificationError("BAD_SECRET", problem, hint);
}

function newId() {
  return "dlv_" + hexadecimal(crypto.getRandomValues(new Uint8Array(16)));
}
