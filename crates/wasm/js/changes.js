// What an event changed, field by field. Lists are compared whole: their places say nothing.

export function changes({ previousValue, currentValue }) {
  const found = [];
  compare("", previousValue ?? {}, currentValue ?? {}, found);
  return found;
}

function compare(pointer, previous, current, found) {
  if (isObject(previous) && isObject(current)) {
    for (const key of new Set([...Object.keys(previous), ...Object.keys(current)])) {
      const token = key.replaceAll("~", "~0").replaceAll("/", "~1");
      compare(`${pointer}/${token}`, own(previous, key), own(current, key), found);
    }
  } else if (JSON.stringify(previous) !== JSON.stringify(current)) {
    found.push({ pointer, previous, current });
  }
}

function own(object, key) {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
