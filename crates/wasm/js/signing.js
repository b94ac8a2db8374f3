// What can be signed: only what a client can send and `verify` would accept.

const MAX_ID = 1024;

// Printable Latin-1 without the full stop, which separates what is signed.
const ID = /^[ -\-/-~\u00a1-\u00ff]+$/;

export function refuseId(id) {
  // HTTP drops spaces at the ends.
  if (typeof id === "string" && id.length <= MAX_ID && ID.test(id) && id.trim() === id) return;
  throw new TypeError(`id: expected 1 to ${MAX_ID} printable characters without a full stop and without spaces around them`);
}

// Whole seconds since 1970.
export function secondsOf(timestamp) {
  const seconds = timestamp instanceof Date ? Math.floor(timestamp.getTime() / 1000) : timestamp;
  if (Number.isSafeInteger(seconds) && seconds >= 0) return seconds;
  throw new TypeError("timestamp: expected a Date, or whole seconds since 1970");
}
