// The one door to the core, which shows exactly what the server would send. It is fetched when a form comes near.

import type { Preview, PreviewRequest, Problem } from "bluehook/preview";

export type { Preview, PreviewRequest, Problem };
export type Core = typeof import("bluehook/preview");
export type EventName = Core["events"][number]["event"];

let loading: Promise<Core> | undefined;

/** The core; fetched once. When it does not come, the next call tries again. */
export function load(): Promise<Core> {
  loading ??= import("bluehook/preview").catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Fetches it without waiting: whoever needs it later sees whether it came. */
export function near(): void {
  load().catch(() => {});
}
