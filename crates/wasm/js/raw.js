// The exact text of events that were verified: numbers beyond 2^53 are not what JSON.parse makes of them.

class Given {
  constructor(event) {
    return event;
  }
}

// A constructor that returns another object puts its private fields on that one. A WeakMap would add a third of a
// microsecond to each event.
class Kept extends Given {
  #raw;

  constructor(event, raw) {
    super(event);
    this.#raw = raw;
  }

  static rawOf(event) {
    return typeof event === "object" && event !== null && #raw in event ? event.#raw : undefined;
  }
}

export const keepRaw = (event, raw) => new Kept(event, raw);

// The event with each number that JavaScript cannot hold as an object of its exact digits; `undefined` where there is none,
// or the text is not known.
export function exactly(event) {
  const raw = Kept.rawOf(event);
  if (raw === undefined) return undefined;
  const text = typeof raw === "string" ? raw : new TextDecoder().decode(raw);
  if (!/\d{16}|\d[eE]/.test(text.replaceAll(".", ""))) return undefined;
  return JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) => (isExact(token) ? token : JSON.stringify({ [DIGITS]: token }))));
}

export const DIGITS = "\0digits";

function isExact(token) {
  if (token.startsWith('"')) return true;
  const digits = token.replace(/[eE].*$/, "").replace(/^-?0*\.?0*|\.|0+$/g, "");
  return digits.length <= 15 && Number.isFinite(Number(token));
}
