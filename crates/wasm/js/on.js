// A handler for each event.

// `on(event, handlers)` calls the one that is named like the event, and gives what it gave; `on(handlers)` is a function that
// does so, for adapters.
export function on(event, handlers, ...rest) {
  if (handlers === undefined) {
    const known = checked(event);
    return (given, ...more) => dispatch(given, known, more);
  }
  return dispatch(event, checked(handlers), rest);
}

function dispatch(event, handlers, rest) {
  const name = event?.event;
  const handle = typeof name === "string" && Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  return handle?.call(handlers, event, ...rest);
}

function checked(handlers) {
  if (typeof handlers !== "object" || handlers === null) throw new TypeError("on: expected an object with a function for each event, such as { TODO_CREATED(event) {} }");
  for (const [name, handle] of Object.entries(handlers)) {
    if (typeof handle !== "function") throw new TypeError(`on: ${name} is not a function`);
    if (!/^[A-Z]+(?:_[A-Z]+)+$/.test(name)) throw new TypeError(`on: no event is called ${name}`);
  }
  return handlers;
}
