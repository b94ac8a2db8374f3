import type { Webhook, WebhookOptions, WebhookVerificationError } from "./index.js";

/** Knows which deliveries were handled. Several processes need one that they share. */
export interface DuplicateStore {
  /** `true` for the first who asks with this id; every later one gets `false`. */
  claim(id: string): boolean | Promise<boolean>;
  /** The delivery was not handled after all. */
  release(id: string): void | Promise<void>;
}

export interface AdapterOptions extends WebhookOptions {
  /** The most bytes of a body; larger ones are answered with 413. 8 MiB by default. */
  bodyLimit?: number;
  /** Handles each delivery once. Without it a delivery that is sent again is handled again. */
  duplicates?: DuplicateStore;
  /** Told about every refused request, with its hint: a place to log. */
  onRefused?: (error: WebhookVerificationError) => void | Promise<void>;
}

/** A secret, several while secrets are being changed, or a `Webhook`. */
export type SecretInput = string | readonly string[] | Webhook;

/** A store in this process's memory. */
export function memoryStore(options?: { max?: number; seconds?: number }): DuplicateStore;
