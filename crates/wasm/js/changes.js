// What an event changed, field by field. Lists are compared whole: their places say nothing. Loops and no recursion: a body may
// be nested deeper than the stack.

import { DIGITS, exactly } from "./raw.js";

export function changes(event) {
  const { previousValue, currentValue } = event ?? {};
  const exact = exactly(event) ?? { previousValue, currentValue };
  const found = [];
  const todo = [{ pointer: "", values: [previousValue ?? {}, currentValue ?? {}], exact: [exact.previousValue ?? {}, exact.currentValue ?? {}] }];
  while (todo.length > 0) {
    const { pointer, values, exact } = todo.pop();
    if (values.every(isObject)) {
      const names = [...new Set(values.flatMap(Object.keys))];
      // The last is taken first.
      for (const name of names.reverse()) {
        const token = name.replaceAll("~", "~0").replaceAll("/", "~1");
        todo.push({ pointer: `${pointer}/${token}`, values: values.map((value) => own(value, name)), exact: exact.map((value) => own(value, name)) });
      }
    } else if (!same(...exact)) {
      found.push({ pointer, previous: values[0], current: values[1] });
    }
  }
  return found;
}

// Whether two values are the same JSON, whatever the order of their keys.
function same(a, b) {
  const todo = [[a, b]];
  while (todo.length > 0) {
    const [one, other] = todo.pop();
    if (Object.is(one, other) || one === other) continue;
    if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other)) return false;
    const names = Object.keys(one);
    if (names.length !== Object.keys(other).length || !names.every((name) => Object.hasOwn(other, name))) return false;
    for (const name of names) todo.push([one[name], other[name]]);
  }
  return true;
}

function own(object, key) {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isContainer(value) {
  return typeof value === "object" && value !== null;
}

function isObject(value) {
  return isContainer(value) && !Array.isArray(value) && !Object.hasOwn(value, DIGITS);
}
