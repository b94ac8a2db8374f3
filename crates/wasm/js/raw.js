// The exact text of events that were verified: numbers beyond 2^53 are not what JSON.parse makes of them.

let texts;

export function keepRaw(event, raw) {
  texts ??= new WeakMap();
  texts.set(event, raw);
  return event;
}

// The event with each number that JavaScript cannot hold as an object of its exact digits; `undefined` where there is none,
// or the text is not known.
export function exactly(event) {
  const raw = texts?.get(event);
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
