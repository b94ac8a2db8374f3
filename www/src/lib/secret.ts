// What a secret of one's own must be, before it is sent anywhere.

export type SecretFault = "SHORT" | "LONG" | "ENCODING";

const SHORTEST = 8;
const LONGEST = 256;
const PREFIX = "whsec_";

/** What is wrong with it. One that begins with `whsec_` is base64 after that (Standard Webhooks). */
export function secretFault(secret: string): SecretFault | undefined {
  const length = [...secret].length;
  if (length < SHORTEST) return "SHORT";
  if (length > LONGEST) return "LONG";
  return secret.startsWith(PREFIX) && !decodes(secret.slice(PREFIX.length)) ? "ENCODING" : undefined;
}

function decodes(base64: string): boolean {
  try {
    return atob(base64).length > 0;
  } catch {
    return false;
  }
}
