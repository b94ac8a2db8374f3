import type { EventName } from "./events.js";
import type { VerificationCode } from "./index.js";

/** The secret that deliveries are signed with unless another is given. */
export const SECRET: string;

export type Kind = "valid" | "duplicated" | "rotated" | "tampered" | "expired" | "future" | "wrongSecret" | "unsigned";

export const kinds: readonly Kind[];

export interface Delivery {
  kind: Kind;
  body: string;
  headers: Record<string, string>;
  /** The code by which it is to be refused; `undefined` when it is to be accepted. */
  code: VerificationCode | undefined;
}

export interface DeliveryOptions {
  secret?: string;
  /** Milliseconds since 1970. */
  now?: number;
  payloadFormat?: "full" | "compact";
  id?: string;
}

/** One delivery of an event. A duplicated one is a valid one that is to be sent twice. */
export function delivery(event: EventName, kind?: Kind, options?: DeliveryOptions): Delivery;

/** One of every kind. */
export function deliveries(event: EventName, options?: DeliveryOptions): Record<Kind, Delivery>;
