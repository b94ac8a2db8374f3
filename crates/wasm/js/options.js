// Options are checked by name and type: one that is ignored would be a mistake that nobody sees.

// `known` says of each option what it has to be: a test, and its words.
export function checkOptions(where, options, known) {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${where}: options are an object, found ${kindOf(options)}`);
  }
  for (const [name, value] of entriesOf(where, options)) {
    if (!Object.hasOwn(known, name)) throw new TypeError(`${where}: no option is called ${name}; there are ${Object.keys(known).join(", ")}`);
    const [fits, expected] = known[name];
    if (value !== undefined && !fits(value)) throw new TypeError(`${where}: ${name}: expected ${expected}, found ${kindOf(value)}`);
  }
}

function entriesOf(where, options) {
  try {
    return Object.entries(options);
  } catch {
    throw new TypeError(`${where}: the options cannot be read`);
  }
}

export const BOOLEAN = [(value) => typeof value === "boolean", "true or false"];
export const FUNCTION = [(value) => typeof value === "function", "a function"];
export const SECONDS = [(value) => typeof value === "number" && value >= 0, "a number of seconds, 0 or more"];
export const COUNT = [(value) => Number.isSafeInteger(value) && value > 0, "a whole number above 0"];
export const TEXT = [(value) => typeof value === "string" && value !== "", "text"];

export function kindOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return `the number ${value}`;
  return typeof value === "undefined" ? "undefined" : `${/^[aeiou]/.test(typeof value) ? "an" : "a"} ${typeof value}`;
}
