import type { CompactName, EventName, VerificationCode } from "./index.js";

/** The secret that deliveries are signed with unless another is given. */
export const SECRET: string;

export type Kind = "valid" | "duplicated" | "rotated" | "tampered" | "expired" | "future" | "wrongSecret" | "unsigned";

export const kinds: readonly Kind[];

/** An event, in either spelling, or the probe. */
export type DeliverableName = EventName | CompactName<EventName> | "WEBHOOK_HEALTH_CHECK";

export interface Delivery {
  kind: Kind;
  body: string;
  headers: Record<string, string>;
  /** The code by which it is to be refused; `undefined` when it is to be accepted. */
  code: VerificationCode | undefined;
}

export interface DeliveryOptions {
  secret?: string | undefined;
  /** Milliseconds since 1970. */
  now?: number | undefined;
  payloadFormat?: "full" | "compact" | undefined;
  /** One of its own each time, unless given. */
  id?: string | undefined;
}

/** One delivery of an event. A duplicated one is a valid one that is to be sent twice. */
export function delivery(event: DeliverableName, kind?: Kind, options?: DeliveryOptions): Delivery;

/** One of every kind. */
export function deliveries(event: DeliverableName, options?: DeliveryOptions): Record<Kind, Delivery>;

/** The probe that precedes enabling a webhook: whatever receives has to answer it with 2xx, as the adapters do. */
export function healthCheck(options?: DeliveryOptions): Delivery;
