// The catalogue of events, as the server has it.

import { ask } from "./client";
import type { EventType } from "./forms";

export type Sample = NonNullable<EventType["sample"]>;

/** What an event would bring along. */
export async function sampleOf(event: string, signal: AbortSignal): Promise<Sample> {
  const { data } = await ask<EventType>("GET", "/v1/event-types/{event}", { path: { event }, signal });
  return data.sample ?? { previousValue: null, currentValue: null };
}
