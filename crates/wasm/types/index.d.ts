import type { DeliveredCompactEvent, WebhookEvent } from "./bodies.js";

export type * from "./bodies.js";
export type * from "./events.js";

/** The body as it came over the wire. */
export type RawBody = string | Uint8Array | ArrayBuffer | ArrayBufferView;

/** Header values, in whatever a framework holds them. Names in any case. */
export type HeadersInput =
  | { get(name: string): string | null | undefined }
  | Iterable<readonly [string, string | readonly string[] | undefined]>
  | { readonly [name: string]: string | readonly string[] | number | null | undefined };

/** A secret, or several while secrets are being changed. What is absent is refused at the first request. */
export type SecretText = string | null | undefined | readonly (string | null | undefined)[];

export type VerificationCode =
  | "MISSING_SIGNATURE"
  | "MALFORMED_SIGNATURE"
  | "SIGNATURE_MISMATCH"
  | "TIMESTAMP_TOO_OLD"
  | "TIMESTAMP_TOO_NEW"
  | "BODY_NOT_RAW"
  | "BODY_NOT_JSON"
  | "NOT_AN_EVENT"
  | "BAD_SECRET"
  | "NO_WEBASSEMBLY";

/** Why a request was refused. */
export class WebhookVerificationError extends Error {
  constructor(code: VerificationCode, message: string, hint?: string | (() => string | undefined), options?: { cause?: unknown });
  readonly name: "WebhookVerificationError";
  /** For programs. */
  readonly code: VerificationCode;
  /** The status to answer: 401, 400, or 500 for a mistake of this receiver. */
  readonly status: 400 | 401 | 500;
  readonly statusCode: 400 | 401 | 500;
  /** What to change. It is part of `message` too, unless it has to be searched for, which happens when it is asked for. */
  readonly hint: string | undefined;
  toJSON(): { name: string; code: VerificationCode; message: string; hint: string | undefined };
}

export interface WebhookOptions {
  /** How far a request's timestamp may lie from now. 300 by default. */
  toleranceSeconds?: number | undefined;
  /** Refuse requests that carry X-Signature alone: they could be old ones sent again. `false` by default. */
  requireTimestamp?: boolean | undefined;
  /** What time it is, in milliseconds since 1970. By `Date.now`, asked each time, by default. */
  now?: (() => number) | undefined;
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
  /**
   * `secret` may be a function, asked for each request. One that is absent, such as a variable that is not set while building,
   * is refused at the first request.
   * @throws WebhookVerificationError `BAD_SECRET`
   */
  constructor(secret: SecretText | (() => SecretText), options?: WebhookOptions);
  /**
   * The event, if the request is from who holds the secret, and fresh.
   * @throws WebhookVerificationError
   */
  verify<Event = WebhookEvent>(body: RawBody, headers: HeadersInput): Event;
  /** The same as a plain answer. Never throws. */
  inspect(body: RawBody, headers: HeadersInput): Inspection;
  /** The headers of a request with this body, signed with the first secret: for tests. `timestamp` is in seconds. */
  sign(body: RawBody, options?: { id?: string | undefined; timestamp?: number | Date | undefined }): SignedHeaders;
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

/**
 * What differs between an event's `previousValue` and its `currentValue`, field by field; lists are compared whole, whatever
 * the order of keys in them. Of an event that `verify` gave, numbers beyond 2^53 are compared by their digits.
 */
export function changes(event: { previousValue?: unknown; currentValue?: unknown } | WebhookEvent): Change[];

type AnyEvent = WebhookEvent | DeliveredCompactEvent;

/** Those of some events that have a name; compact bodies are of one type under many names. */
type Named<Event extends AnyEvent, Name> = Event extends { event: infer Names } ? (Name extends Names ? Event & { event: Name } : never) : never;

/** A function for each event that is of interest. */
export type Handlers<Event extends AnyEvent = WebhookEvent, Rest extends unknown[] = [], Result = unknown> = {
  [Name in Event["event"]]?: (event: Named<Event, Name>, ...rest: Rest) => Result;
};

/** Calls the handler that is named like the event, and gives what it gave; `undefined` where there is none. */
export function on<Event extends AnyEvent, Result = unknown>(event: Event, handlers: Handlers<Event, [], Result>): Result | undefined;
/** A function that does so, for adapters; of compact bodies, `on<DeliveredCompactEvent>(…)`. */
export function on<Event extends AnyEvent = WebhookEvent, Rest extends unknown[] = any[], Result = any>(
  handlers: Handlers<Event, Rest, Result>,
): (event: AnyEvent, ...rest: Rest) => Result | undefined;
