// The bodies that carry events. `events.d.ts` beside it is made from the core's schemas when the package is built.

import type { EntityKeys, EventName, EventValues } from "./events.js";

/** What an event's values describe. */
export type EntityOf<E extends EventName> = Exclude<EventValues[E]["previousValue"] | EventValues[E]["currentValue"], null>;

/** The webhook as bodies carry it; the secret is always blanked. */
export interface WebhookObject {
  id: string;
  uid: string;
  name: string | null;
  url: string;
  secret: "";
  status: "HEALTHY" | "UNHEALTHY";
  enabled: boolean;
  metadata: { events: EventName[]; projectIds: string[] };
  createdById: string;
  createdAt: string;
  updatedAt: string;
}

/** An event as a `full` body carries it: there is no value before a creation and none after a deletion. */
export interface FullEvent<E extends EventName> {
  event: E;
  webhook: WebhookObject;
  previousValue: EventValues[E]["previousValue"];
  currentValue: EventValues[E]["currentValue"];
}

/** The probe that precedes enabling a webhook. Answer it with 2xx. */
export interface HealthCheck {
  event: "WEBHOOK_HEALTH_CHECK";
  webhook: WebhookObject;
}

/** An event: tell them apart by `event`. */
export type DeliveredEvent = { [E in EventName]: FullEvent<E> }[EventName];

/** What `verify` returns: an event, or the probe. Handlers of adapters get no probe. */
export type WebhookEvent = DeliveredEvent | HealthCheck;

/** An event where a webhook's `payloadFormat` is `compact`: one key names the entity. */
export type DeliveredCompactEvent = {
  event: CompactName<EventName>;
  company: { id: string };
  project: { id: string };
  user: { id: string };
} & Partial<EntityKeys>;

/** What `verify<CompactEvent>` returns: an event, or the probe. */
export type CompactEvent = DeliveredCompactEvent | HealthCheck;

/** Compact bodies spell `TODO_` as `RECORD_`. */
export type CompactName<E extends EventName> = E extends `TODO_${infer Rest}` ? `RECORD_${Rest}` : E;
