// How a webhook fares, in one word and one line: the same on the list and on its page.

import type { DisabledBy, Me, Webhook } from "../api/types";
import { ago, day } from "../lib/time";
import type { Words } from "../text/en";
import { HEALTH, type Look } from "../ui/status";

export interface Fares {
  code: keyof typeof HEALTH;
  look: Look;
  word: string;
  /** Why, or since when; nothing where there is nothing to say. */
  cause: string | undefined;
}

const FAULTS: readonly DisabledBy[] = ["EXHAUSTED", "GONE", "HEALTH_CHECK", "MEMBERSHIP", "PROJECT_DELETED"];

/** Whom and when to say it in. */
export interface Telling {
  words: Words;
  language: string;
  now: number;
  me: Me | undefined;
}

/** Its state as shown: off by a fault is another thing than off by a person. */
export function codeOf(webhook: Webhook): keyof typeof HEALTH {
  const { state } = webhook.health;
  if (state !== "OFF") return state;
  return FAULTS.includes(webhook.disabled?.by ?? "UNKNOWN") ? "BROKEN" : "OFF";
}

export function fares(webhook: Webhook, telling: Telling): Fares {
  const code = codeOf(webhook);
  return { code, look: HEALTH[code], word: telling.words.health[code], cause: cause(webhook, code, telling) };
}

function cause(webhook: Webhook, code: keyof typeof HEALTH, telling: Telling): string | undefined {
  const { words, language, now } = telling;
  if (code === "BROKEN") return webhook.disabled?.cause?.detail ?? fault(webhook.disabled?.by, words);
  if (code === "OFF") return switchedOffBy(webhook, telling);
  if (code === "FAILING") return webhook.health.cause?.detail;
  const oldest = webhook.waiting.oldestAt;
  return code === "LAGGING" && oldest !== null ? words.lagging(ago(language, oldest, now)) : undefined;
}

function fault(by: DisabledBy | undefined, { offBy }: Words): string {
  if (by === "GONE") return offBy.gone;
  if (by === "MEMBERSHIP") return offBy.membership;
  if (by === "PROJECT_DELETED") return offBy.projectDeleted;
  return by === "HEALTH_CHECK" ? offBy.healthCheck : offBy.exhausted;
}

function switchedOffBy(webhook: Webhook, { words, language, now, me }: Telling): string {
  const { offBy } = words;
  const { by, at, person } = webhook.disabled ?? { by: "UNKNOWN", at: null, person: null };
  const date = at === null ? undefined : day(language, at, now);
  if (date === undefined || by === "UNKNOWN") return offBy.unknown;
  if (by === "SERVICE") return offBy.service(date);
  const id = person?.id ?? webhook.createdById;
  return id === me?.person.id ? offBy.you(date) : offBy.person(person?.fullName ?? creatorOf(webhook, words), date);
}

/** Whose it is, by name. */
export function creatorOf(webhook: Webhook, words: Words): string {
  return webhook.createdBy?.fullName ?? words.someone;
}
