// The order of the list: what is broken first, then by name. It is made when the list is read and kept until it is read
// anew, so that nothing jumps while one looks.

import type { Webhook } from "../../api/types";
import { codeOf } from "../../state/fares";

const FIRST: Partial<Record<ReturnType<typeof codeOf>, number>> = { BROKEN: 0, FAILING: 1, LAGGING: 2 };
const REST = 3;

const rank = (webhook: Webhook): number => FIRST[codeOf(webhook)] ?? REST;

/** Sorted for a language. */
export function ordered(webhooks: readonly Webhook[], language: string): Webhook[] {
  const names = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  return [...webhooks].sort((a, b) => rank(a) - rank(b) || names.compare(a.name ?? "", b.name ?? ""));
}

/** Newer ones in the places of the older; what is new comes last. */
export function inPlace(before: readonly Webhook[], now: readonly Webhook[]): Webhook[] {
  const newer = new Map(now.map((webhook) => [webhook.id, webhook]));
  const kept = before.flatMap(({ id }) => newer.get(id) ?? []);
  const known = new Set(before.map(({ id }) => id));
  return [...kept, ...now.filter(({ id }) => !known.has(id))];
}
