// The JSON Schemas of the events' full bodies. The core writes them when the package is built.

import { shared, told } from "#schemas";
import { whole } from "./shared.js";

// `undefined` for a name that no event has.
export function schema(name) {
  return whole(told.find(({ event }) => event === name)?.schema, shared);
}
