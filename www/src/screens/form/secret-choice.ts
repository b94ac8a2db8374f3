// The secret of a new webhook: made by the server, given by the person, or none.

export type SecretKind = "generated" | "own" | "none";

export interface SecretChoice {
  kind: SecretKind;
  own: string;
}

/** As the API takes it: absent means that one is made. */
export function secretField({ kind, own }: SecretChoice): Record<string, string> {
  if (kind === "generated") return {};
  return { secret: kind === "none" ? "null" : JSON.stringify(own) };
}
