/** The JSON Schema (draft 2020-12) of an event's full body; `undefined` for a name that no event has. */
export function schema(event: string): Record<string, unknown> | undefined;
