// What the adapters share: verify, keep duplicates out, choose the status. Responses carry the code and never the hint, which
// is for who runs the receiver.

import { Webhook, WebhookVerificationError } from "bluehook";
import { LEASE_SECONDS, checkStore, claims } from "./duplicates.js";
import { BOOLEAN, COUNT, FUNCTION, SECONDS, checkOptions, kindOf } from "./options.js";
import { reporter } from "./refusals.js";

export const BODY_LIMIT = 8 * 1024 * 1024;

const PROBE = "WEBHOOK_HEALTH_CHECK";
const CHECK = Symbol.for("bluehook.check");
const OF_WEBHOOK = { toleranceSeconds: SECONDS, requireTimestamp: BOOLEAN, now: FUNCTION };
export const OPTIONS = {
  ...OF_WEBHOOK,
  bodyLimit: COUNT,
  duplicates: [(value) => typeof value === "object", "a store with claim, complete and release"],
  leaseSeconds: COUNT,
  onRefused: FUNCTION,
};

// An object that says what to answer to a request with this body and these headers. `where` names the adapter's function.
export function receiver(where, secret, handle, options = {}) {
  if (typeof handle !== "function") throw new TypeError(`${where}: expected a function that handles an event, found ${kindOf(handle)}`);
  checkOptions(where, options, OPTIONS);
  const { bodyLimit = BODY_LIMIT, duplicates, leaseSeconds = LEASE_SECONDS, onRefused, ...ofWebhook } = options;
  const webhookFor = source(where, secret, ofWebhook);
  if (duplicates !== undefined) checkStore(where, duplicates);
  const claim = claims(where, duplicates, leaseSeconds);
  const report = reporter(onRefused);
  return { bodyLimit, receive, refuse: (error) => refused(error) };

  // `answering` is called with the event, unless the request is refused, a probe, or a duplicate; it gives the status that was
  // answered and the answer. What it throws is passed on. What is not 2xx counts as not handled. Gives `{status, code?}`, or
  // what `answering` gave.
  async function receive(body, headers, asked, answering) {
    let checked;
    try {
      checked = check(await webhookFor(asked), body, headers);
    } catch (error) {
      return refused(error);
    }
    const { event, id } = checked;
    if (event.event === PROBE) return { status: 204 };
    const { taken, settle } = await claim(id);
    if (taken !== undefined) return taken;
    let answered;
    try {
      answered = await answering(event);
    } catch (error) {
      await settle(false);
      throw error;
    }
    await settle(answered.status >= 200 && answered.status < 300);
    return answered;
  }

  async function refused(error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    await report(error);
    return { status: error.status, code: error.code, error };
  }
}

// The `Webhook` for a request: the one given, one made of the secret, or one made for each of the secrets that a function
// gives.
function source(where, secret, options) {
  if (typeof secret?.inspect === "function") {
    const [ignored] = Object.keys(OF_WEBHOOK).filter((name) => options[name] !== undefined);
    if (ignored !== undefined) throw new TypeError(`${where}: ${ignored} belongs to the Webhook that was passed: new Webhook(secret, { ${ignored}: … })`);
    return () => secret;
  }
  if (typeof secret !== "function") {
    const webhook = new Webhook(secret, options);
    return () => webhook;
  }
  // Checks the options now.
  new Webhook(undefined, options);
  return async (asked) => new Webhook(await given(secret, asked), options);
}

async function given(secret, asked) {
  try {
    return await secret(...asked);
  } catch (cause) {
    throw new WebhookVerificationError("BAD_SECRET", "the function that gives the secret threw", "What it threw is error.cause.", { cause });
  }
}

// The event and the signed id. X-Signature alone does not sign one, so none is believed there.
function check(webhook, body, headers) {
  if (typeof webhook[CHECK] === "function") return webhook[CHECK](body, headers);
  const event = webhook.verify(body, headers);
  return { event };
}
