import type { WebhookEvent } from "./bodies.js";

export type * from "./bodies.js";
export type * from "./events.js";

/** The body as it came over the wire. */
export type RawBody = string | Uint8Array | ArrayBuffer | ArrayBufferView;

/** Header values, in whatever a framework holds them. Names in any case. */
export type HeadersInput =
  | { get(name: string): string | null | undefined }
  | Iterable<readonly [string, string | readonly string[] | undefined]>
  | { readonly [name: string]: string | readonly string[] | number | null | undefined };

export type VerificationCode =
  | "MISSING_SIGNATURE"
  | "MALFORMED_SIGNATURE"
  | "SIGNATURE_MISMATCH"
  | "TIMESTAMP_TOO_OLD"
  | "TIMESTAMP_TOO_NEW"
  | "BODY_NOT_RAW"
  | "BODY_NOT_JSON"
  | "BAD_SECRET";

/** Why a request was refused. */
export class WebhookVerificationError extends Error {
  constructor(code: VerificationCode, message: string, hint?: string | (() => string | undefined));
  readonly name: "WebhookVerificationError";
  /** For programs. */
  readonly code: VerificationCode;
  /** What to change, when the cause can be found. Found when it is asked for. */
  readonly hint: string | undefined;
  toJSON(): { name: string; code: VerificationCode; message: string; hint: string | undefined };
}

export interface WebhookOptions {
  /** How far a request's timestamp may lie from now. 300 by default. */
  toleranceSeconds?: number;
  /** Refuse requests that carry X-Signature alone: they could be old ones sent again. `false` by default. */
  requireTimestamp?: boolean;
  /** What time it is, in milliseconds since 1970. `Date.now` by default. */
  now?: () => number;
}

export type Inspection =
  | {
      valid: true;
      /** Which headers decided. */
      scheme: "standard" | "x-signature";
      /** Which of the secrets fits, from 0. */
      secretIndex: number;
      /** Whether an old copy of the request would have been refused. */
      replayProtected: boolean;
      code?: undefined;
      message?: undefined;
      hint?: undefined;
    }
  | {
      valid: false;
      scheme?: undefined;
      secretIndex?: undefined;
      replayProtected?: undefined;
      code: VerificationCode;
      message: string;
      /** What to change, when the cause can be found. */
      hint?: string;
    };

/** The headers that `sign` makes. */
export type SignedHeaders = Record<
  "content-type" | "x-signature" | "webhook-id" | "webhook-timestamp" | "webhook-signature",
  string
>;

/** Verifies requests with one secret, or several while secrets are being changed. Make it once, use it for every request. */
export class Webhook {
  /** @throws WebhookVerificationError `BAD_SECRET` */
  constructor(secret: string | readonly string[], options?: WebhookOptions);
  /**
   * The event, if the request is from who holds the secret, and fresh.
   * @throws WebhookVerificationError
   */
  verify<Event = WebhookEvent>(body: RawBody, headers: HeadersInput): Event;
  /** The same as a plain answer. Never throws. */
  inspect(body: RawBody, headers: HeadersInput): Inspection;
  /** The headers of a request with this body, signed with the first secret: for tests. `timestamp` is in seconds. */
  sign(body: RawBody, options?: { id?: string; timestamp?: number | Date }): SignedHeaders;
}

/** One field that differs. */
export interface Change {
  /** Where: a JSON Pointer into the values. */
  pointer: string;
  /** The field before; `undefined` where there was none. */
  previous: unknown;
  /** The field after; `undefined` where there is none. */
  current: unknown;
}

/** What differs between an event's `previousValue` and its `currentValue`, field by field; lists are compared whole. */
export function changes(event: { previousValue?: unknown; currentValue?: unknown }): Change[];
