// Each delivery is handled once: claimed while it is handled, and done when it was. A claim ends by itself, so that a process
// that died does not keep a delivery for ever.

import { COUNT, checkOptions, kindOf } from "./options.js";

export const LEASE_SECONDS = 60;

export function checkStore(where, store) {
  const missing = ["claim", "complete", "release"].filter((name) => typeof store?.[name] !== "function");
  if (missing.length > 0) throw new TypeError(`${where}: duplicates lacks ${missing.join(", ")}: a store has claim(id, leaseSeconds), complete(id) and release(id)`);
}

// A function that claims deliveries of a store, for each request that carries one.
export function claims(where, store, leaseSeconds) {
  // Until when each delivery is claimed that this process handles: who asks meanwhile is told what is left of it.
  const until = new Map();
  return claim;

  // For who may handle the delivery, what to call when it was handled, or was not; for everyone else, what to answer.
  async function claim(id) {
    if (store === undefined || id === undefined) return { settle: () => undefined };
    const ends = Date.now() + leaseSeconds * 1000;
    const claimed = await store.claim(id, leaseSeconds);
    if (claimed === "DONE") return { taken: { status: 200 } };
    if (claimed === "BUSY") return { taken: { status: 409, code: "BUSY", retryAfter: left(id) } };
    if (claimed !== "CLAIMED") throw new TypeError(`${where}: duplicates.claim gave ${kindOf(claimed)}: expected "CLAIMED", "BUSY" or "DONE"`);
    until.set(id, ends);
    return { settle: (handled) => settle(id, ends, handled) };
  }

  function left(id) {
    const seconds = Math.ceil(((until.get(id) ?? Infinity) - Date.now()) / 1000);
    return Math.max(1, Math.min(seconds, leaseSeconds));
  }

  // What was handled is done even where the store cannot note it: the sender must not be told otherwise, and the claim ends by
  // itself. A claim that has ended may be another's by now, here or elsewhere, and is not given back.
  async function settle(id, ends, handled) {
    if (until.get(id) === ends) until.delete(id);
    if (!handled && !(Date.now() < ends)) return;
    try {
      await (handled ? store.complete(id) : store.release(id));
    } catch (error) {
      console.error(`bluehook: duplicates.${handled ? "complete" : "release"} failed`, error);
    }
  }
}

// Remembers the deliveries of the last hours in this process; several processes need a store that they share.
export function memoryStore(options = {}) {
  checkOptions("memoryStore", options, { max: COUNT, seconds: COUNT });
  const { max = 100_000, seconds = 24 * 60 * 60 } = options;
  const known = new Map();
  const note = (id, state, lasts) => {
    known.delete(id);
    known.set(id, { state, until: Date.now() + lasts * 1000 });
    if (known.size > max) known.delete(known.keys().next().value);
  };
  return {
    claim(id, leaseSeconds = LEASE_SECONDS) {
      const held = known.get(id);
      if (held !== undefined && held.until > Date.now()) return held.state;
      note(id, "BUSY", leaseSeconds);
      return "CLAIMED";
    },
    complete: (id) => note(id, "DONE", seconds),
    release: (id) => void known.delete(id),
  };
}
