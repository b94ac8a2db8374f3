// Two editors: what both changed, field by field. What only one of them changed is taken from that one.

import { NAMES, same, type Fields, type Name, type Wire } from "./fields";

export interface Merged {
  /** Both changed it, to different values. */
  conflicts: Name[];
  /** Only the other one changed it. */
  theirs: Name[];
}

/** What became of each field since `base`. */
export function merge(base: Wire, mine: Wire, theirs: Wire): Merged {
  const alike = (a: Wire, b: Wire, name: Name): boolean => same(name, a[name], b[name]);
  const changed = NAMES.filter((name) => !alike(theirs, base, name) && !alike(theirs, mine, name));
  return {
    conflicts: changed.filter((name) => !alike(mine, base, name)),
    theirs: changed.filter((name) => alike(mine, base, name)),
  };
}

/** The form's fields that hold one of the API's. */
const HOLDERS: Record<Name, readonly (keyof Fields)[]> = {
  name: ["name"],
  url: ["url"],
  events: ["all", "events"],
  projectIds: ["allProjects", "projectIds"],
  payloadFormat: ["format"],
  filter: ["filter"],
  description: ["description"],
  headers: ["headers"],
  rateLimitPerSecond: ["rate"],
};

/** `fields` with these taken from the other. */
export function taking(fields: Fields, other: Fields, names: readonly Name[]): Fields {
  const taken = names.flatMap((name) => HOLDERS[name]).map((holder) => [holder, other[holder]]);
  return { ...fields, ...(Object.fromEntries(taken) as Partial<Fields>) };
}
