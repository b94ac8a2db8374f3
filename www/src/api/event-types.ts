// The catalogue of events, as the server has it.

import { ask } from "./client";

export interface Sample {
  previousValue: unknown;
  currentValue: unknown;
}

/** What an event would bring along. */
export async function sampleOf(event: string, signal: AbortSignal): Promise<Sample> {
  return (await ask<{ sample: Sample }>("GET", "/v1/event-types/{event}", { path: { event }, signal })).data.sample;
}
