import type { SecretText, Webhook, WebhookOptions, WebhookVerificationError } from "./index.js";

/** Knows which deliveries are being handled, and which were. Several processes need one that they share. */
export interface DuplicateStore {
  /**
   * `"CLAIMED"` for the first who asks with this id: it is theirs for so many seconds, and afterwards anyone's who asks.
   * `"BUSY"` while it is somebody's, `"DONE"` once it was completed.
   */
  claim(id: string, leaseSeconds: number): Claim | Promise<Claim>;
  /** The delivery was handled. */
  complete(id: string): unknown;
  /** The delivery was not handled after all. */
  release(id: string): unknown;
}

export type Claim = "CLAIMED" | "BUSY" | "DONE";

export interface AdapterOptions extends WebhookOptions {
  /** The most bytes of a body; larger ones are answered with 413. 8 MiB by default. */
  bodyLimit?: number | undefined;
  /** Handles each delivery once. Without it a delivery that is sent again is handled again. */
  duplicates?: DuplicateStore | undefined;
  /** How long a delivery is claimed for at most. 60 by default. */
  leaseSeconds?: number | undefined;
  /** Told about every refused request, with its hint. Without it a few a minute are told on the console. */
  onRefused?: ((error: WebhookVerificationError) => unknown) | undefined;
}

/**
 * A secret, several while secrets are being changed, a `Webhook`, or a function of the request that gives a secret: one
 * endpoint for many webhooks, or secrets that come with the request.
 */
export type SecretInput<Asked extends unknown[] = any[]> =
  | SecretText
  | Webhook
  | ((...asked: Asked) => SecretText | Promise<SecretText>);

/** A store in this process's memory. */
export function memoryStore(options?: { max?: number | undefined; seconds?: number | undefined }): DuplicateStore;
