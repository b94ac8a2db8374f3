// Verifying and signing.

import { parse, rawBody } from "./body.js";
import * as core from "./core.js";
import { WebhookVerificationError } from "./errors.js";
import { headOf, idOf, readValues, timestampOf } from "./headers.js";
import { hexadecimal } from "./hexadecimal.js";
import { bodyHint, headersHint } from "./hints.js";
import { BOOLEAN, FUNCTION, SECONDS, checkOptions, kindOf } from "./options.js";
import { keepRaw } from "./raw.js";
import { kept, secretsNow } from "./secrets.js";
import { refuseId, secondsOf } from "./signing.js";

const MAX_SECONDS = 0xffff_ffff;
const OPTIONS = { toleranceSeconds: SECONDS, requireTimestamp: BOOLEAN, now: FUNCTION };
const METHODS = ["verify", "inspect", "sign"];

// What an adapter asks for: the event and what was found, in one go.
const CHECK = /* @__PURE__ */ Symbol.for("bluehook.check");

// Whose secrets the core holds. It holds one receiver's at a time, so that its memory does not grow with their number.
let loaded;

export class Webhook {
  static name = "Webhook";
  #secret;
  #secrets = [];
  #tolerance;
  #requireTimestamp;
  #now;

  constructor(secret, options = {}) {
    checkOptions("new Webhook", options, OPTIONS);
    this.#secret = kept(secret);
    this.#tolerance = Math.min(options.toleranceSeconds ?? 300, MAX_SECONDS);
    this.#requireTimestamp = options.requireTimestamp ?? false;
    this.#now = options.now;
    // Methods that are taken off the object, or called through a proxy, work too; those of a subclass stay its own.
    for (const name of METHODS) {
      if (this[name] !== own(name)) continue;
      Object.defineProperty(this, name, { value: this[name].bind(this), configurable: true, writable: true });
    }
    Object.defineProperty(this, CHECK, { value: (body, headers) => this.#signedId(body, headers) });
  }

  // The event, if the request is from who holds the secret, and fresh; throws a WebhookVerificationError otherwise.
  verify(body, headers) {
    try {
      return this.#check(body, headers).event;
    } catch (error) {
      // The stack begins where the user called.
      Error.captureStackTrace?.(error, own("verify"));
      throw error;
    }
  }

  // The same as a plain answer, with the scheme and the secret that decided. Never throws.
  inspect(body, headers) {
    try {
      const { answer, standard } = this.#check(body, headers);
      return { valid: true, scheme: standard ? "standard" : "x-signature", secretIndex: answer, replayProtected: standard };
    } catch (error) {
      const { code, message, hint } = error;
      return { valid: false, code, message, ...(hint !== undefined && { hint }) };
    }
  }

  // The headers of a request with this body, signed with the first secret: for tests.
  sign(body, options = {}) {
    checkOptions("sign", options, { id: [() => true], timestamp: [() => true] });
    const id = options.id ?? newId();
    refuseId(id);
    const raw = readRaw(body);
    const seconds = String(secondsOf(options.timestamp ?? this.#seconds()));
    this.#load();
    const [xSignature, signature] = core.sign(id, seconds, raw);
    return {
      "content-type": "application/json",
      "x-signature": xSignature,
      "webhook-id": id,
      "webhook-timestamp": seconds,
      "webhook-signature": signature,
    };
  }

  #check(body, headers) {
    const raw = readRaw(body, headers);
    const values = readValues(headers);
    const head = headOf(values);
    const now = this.#seconds();
    this.#load();
    const answer = core.check(head, raw, now);
    if (answer < 0) throw this.#refused(answer, { head, raw, headers, off: now - timestampOf(values) });
    // Without a webhook-signature the core accepts X-Signature only, and says so by accepting at all.
    return { answer, values, standard: !head.endsWith("\0"), event: readEvent(raw) };
  }

  // X-Signature alone does not sign an id, so none is believed there.
  #signedId(body, headers) {
    const { values, standard, event } = this.#check(body, headers);
    return { event, id: standard ? idOf(values) : undefined };
  }

  // A mismatch is worth a search, which costs; whatever else is wrong can be told at once.
  #refused(answer, { head, raw, headers, off }) {
    const [code, message] = core.refusal(answer);
    // The secrets of then, whatever a function would give now.
    const secrets = this.#secrets;
    const explain = () => {
      this.#load(secrets);
      return core.explain(answer, head, raw);
    };
    if (code === "SIGNATURE_MISMATCH") return new WebhookVerificationError(code, `${message} (see hint)`, explain);
    const mistake = code === "MISSING_SIGNATURE" ? headersHint(headers) : undefined;
    const far = code.startsWith("TIMESTAMP_") && Number.isFinite(off) ? `: it is ${duration(off)}, and ${this.#tolerance} s are tolerated` : "";
    return new WebhookVerificationError(code, message + far, mistake ?? explain());
  }

  #load(secrets = secretsNow(this.#secret)) {
    if (loaded === this && same(secrets, this.#secrets)) return;
    loaded = undefined;
    core.load(secrets, this.#tolerance, this.#requireTimestamp);
    // A function may change the list that it gave.
    this.#secrets = secrets === this.#secret ? secrets : [...secrets];
    loaded = this;
  }

  // Asked each time, so that the fake time of tests holds.
  #seconds() {
    if (this.#now === undefined) return Math.floor(Date.now() / 1000);
    try {
      return Math.floor(Number(this.#now()) / 1000);
    } catch {
      return NaN;
    }
  }
}

const own = (name) => Webhook.prototype[name];

function same(one, other) {
  return one === other || (one.length === other.length && one.every((secret, at) => secret === other[at]));
}

function readRaw(body, headers) {
  const raw = rawBody(body);
  if (raw !== undefined) return raw;
  throw new WebhookVerificationError("BODY_NOT_RAW", "the body is neither text nor bytes", bodyHint(body, headers));
}

function readEvent(raw) {
  let event;
  try {
    event = parse(raw);
  } catch {
    throw notAnEvent("BODY_NOT_JSON", "not JSON");
  }
  if (typeof event === "object" && event !== null && !Array.isArray(event)) return keepRaw(event, raw);
  throw notAnEvent("NOT_AN_EVENT", `${kindOf(event)} and no event`);
}

function notAnEvent(code, what) {
  const hint = "Whoever holds the secret signed something else than an event.";
  return new WebhookVerificationError(code, `the signature is right, but the body is ${what}`, hint);
}

// How long ago, or how far ahead.
function duration(seconds) {
  const units = [["days", 86_400], ["h", 3600], ["min", 60], ["s", 1]];
  const size = Math.abs(seconds);
  const [unit, length] = units.find(([, length]) => size >= 2 * length) ?? ["s", 1];
  return `${Math.round(size / length)} ${unit} ${seconds < 0 ? "ahead" : "old"}`;
}

function newId() {
  return "dlv_" + hexadecimal(crypto.getRandomValues(new Uint8Array(16)));
}
