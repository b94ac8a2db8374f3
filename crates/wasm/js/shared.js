// What the core tells, made anew each time. Objects and lists that occur more than once are held once: `{"": n}` stands
// for the n-th of those that are shared.
export function whole(value, shared) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => whole(element, shared));
  if ("" in value) return whole(shared[value[""]], shared);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, whole(member, shared)]));
}
