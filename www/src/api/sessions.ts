// Where one is signed in.

import { ask } from "./client";

export interface OpenSession {
  id: string;
  kind: "COOKIE" | "EMBED" | "TOKEN";
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  browser: string | null;
  isCurrent: boolean;
}

/** One's own sessions, newest first. */
export async function sessions(signal?: AbortSignal): Promise<OpenSession[]> {
  return (await ask<{ items: OpenSession[] }>("GET", "/v1/sessions", { signal })).data.items;
}

/** Ends one. */
export async function endSession(id: string): Promise<void> {
  await ask("DELETE", "/v1/sessions/{id}", { path: { id } });
}

/** Ends all, this one last. */
export async function endAllSessions(): Promise<void> {
  await ask("DELETE", "/v1/sessions");
}
