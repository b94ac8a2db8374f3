// Who is here.

import { ask } from "./client";
import type { Me } from "./types";

/** The person, the company, what they may; a 401 when nobody is signed in. */
export async function me(signal?: AbortSignal): Promise<Me> {
  return (await ask<Me>("GET", "/v1/me", { signal })).data;
}

/** Ends this session. */
export async function signOut(): Promise<void> {
  await ask("DELETE", "/v1/session");
}
