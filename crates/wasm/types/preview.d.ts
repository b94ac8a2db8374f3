import type { CompactName } from "./bodies.js";
import type { EventName } from "./events.js";

/** The languages of problems. */
export type Language = "en" | "it";

export interface LanguageOptions {
  /** The language of the problems' `detail`. English by default. */
  language?: Language;
}

/** A problem of what was given. */
export interface Problem {
  /** Where: a JSON Pointer. */
  pointer: string;
  /** What kind of problem it is, such as `FILTER_OPERATOR`. A code once given out keeps its meaning. */
  code: string;
  /** What the sentence needs, to say it in other words. */
  params: {
    found?: string | number;
    expected?: string;
    min?: number | string;
    max?: number | string;
    nearest?: string;
    allowed?: string[];
    at?: string | number | { line: number; column: number };
  };
  /** One sentence without its full stop. */
  detail: string;
}

/** What is wrong with what was given, all of it. */
export class InvalidInputError extends Error {
  constructor(problems: Problem[]);
  readonly name: "InvalidInputError";
  readonly problems: Problem[];
}

export interface PreviewRequest {
  /** The webhook as the API answers it, or JSON text. */
  webhook: object | string;
  /** The event as the API takes it, or JSON text whose spelling is kept. */
  event: object | string;
  /** Without one nothing is signed. */
  secret?: string | null;
  /** The coming secret, while secrets are being changed. */
  nextSecret?: string | null;
  /** Whether the webhook's creator is a member of the event's project. `true` by default. */
  creatorIsMember?: boolean;
  /** The delivery's id, for `webhook-id`. */
  deliveryId?: string;
  /** When it would be sent: milliseconds since 1970, RFC 3339, or a Date. Now by default. */
  now?: number | string | Date;
}

export interface Preview {
  /** The exact body. */
  body: string;
  /** Every header that Bluehook sets, as it is spelt; `X-Bluehook-Event-Time` and `X-Bluehook-Sequence` are made of `now` where the event says no time. */
  headers: Record<string, string>;
  /** The body's bytes. */
  size: number;
  /** Whether it would be delivered. */
  matches: boolean;
  /** The first reason why not. */
  why: { code: string; en: string; it: string } | null;
}

/**
 * The exact request that a webhook would get for an event.
 * @throws InvalidInputError
 */
export function preview(request: PreviewRequest, options?: LanguageOptions): Preview;

export interface FilterMatch {
  matches: boolean;
  /** Each condition in the filter's order; below an array, as the element that met it answered, or else the last. */
  trace: {
    /** The condition: a JSON Pointer into the filter. */
    pointer: string;
    holds: boolean;
    /** What it was asked of: a JSON Pointer into the payload. Absent when nothing was there. */
    at?: string;
    /** What stood there, unless it is long. */
    value?: unknown;
  }[];
  /** The first reason why not. */
  why: { en: string; it: string } | null;
}

/**
 * Whether a payload meets a filter. The payload is the full one without `webhook`, with `companyId`, `projectId`, `userId`.
 * @throws InvalidInputError
 */
export function matchFilter(filter: object | string, payload: object | string, options?: LanguageOptions): FilterMatch;

/** What is wrong with a filter; empty when it can be saved. */
export function validateFilter(filter: unknown, options?: LanguageOptions): Problem[];

/** A realistic entity for an event: its value after, or before it was deleted. */
export function sample(event: EventName | CompactName<EventName>): Record<string, unknown>;

/** A realistic event, as the API takes it. */
export function sampleEvent(event: EventName | CompactName<EventName>): {
  event: EventName;
  companyId: string;
  projectId: string;
  userId: string;
  previousValue: Record<string, unknown> | null;
  currentValue: Record<string, unknown> | null;
};

/** The catalogue: every event that a webhook can subscribe to. */
export const events: readonly {
  readonly event: EventName;
  readonly group: "record" | "checklist" | "list" | "customField" | "tag" | "comment";
  readonly entity: string;
  readonly description: string;
}[];
