// Header values, from whatever a framework holds them in.

const NAMES = ["x-signature", "x-signature-next", "webhook-id", "webhook-timestamp", "webhook-signature"];
const ID = 2;
const TIMESTAMP = 3;

// The most headers that are looked at: whatever is longer is no set of headers.
const MOST = 10_000;

// The five values in the order of their names; none where looking at them throws.
export function readValues(headers) {
  try {
    return read(headers);
  } catch {
    return [];
  }
}

// The values in one text, as the core takes them: "=value" where a header is there, "" where it is not.
export function headOf(values) {
  let head = "";
  for (let i = 0; i < NAMES.length; i++) {
    if (i > 0) head += "\0";
    if (values[i] !== undefined) head += "=" + values[i];
  }
  return head;
}

export const idOf = (values) => values[ID]?.trim();
export const timestampOf = (values) => Number(values[TIMESTAMP]);

function read(headers) {
  if (typeof headers !== "object" || headers === null) return [];
  if (typeof headers.get === "function" && !isMap(headers)) return NAMES.map((name) => text(headers.get(name)));
  if (typeof headers[Symbol.iterator] === "function") return fold(pairs(headers));
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature } = headers;
  if (typeof id === "string" && typeof timestamp === "string" && typeof signature === "string") {
    // Node's headers with everything that decides: nothing else needs to be looked at.
    return [text(headers["x-signature"]), text(headers["x-signature-next"]), id, timestamp, signature];
  }
  return fold(Object.entries(headers));
}

// Names and values in turn, as in Node's `rawHeaders`, become pairs.
function pairs(headers) {
  if (!Array.isArray(headers) || typeof headers[0] !== "string") return headers;
  return headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]]] : []));
}

// Names in any case; a header that comes twice is joined as HTTP does.
function fold(entries) {
  const values = [];
  let count = 0;
  for (const [name, value] of entries) {
    if ((count += 1) > MOST) return [];
    const at = NAMES.indexOf(String(name).toLowerCase());
    const given = at < 0 ? undefined : text(value);
    if (given !== undefined) values[at] = values[at] === undefined ? given : `${values[at]}, ${given}`;
  }
  return values;
}

// A Map of another realm (a test runner's) is one too.
function isMap(value) {
  return Object.prototype.toString.call(value) === "[object Map]";
}

function text(value) {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(text).join(", ");
  // A timestamp may be given as a number; anything else cannot be a header, which the core says.
  return typeof value === "number" ? String(value) : "";
}
