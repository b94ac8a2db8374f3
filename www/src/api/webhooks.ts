// Webhooks, over the API.

import { ask, type Answer } from "./client";
import type { CandidatePage, WebhookPage } from "./forms";
import type { Candidate, Test, Webhook } from "./types";

export interface ListQuery {
  scope: "own" | "company";
  /** As in the address: words parted by commas. */
  health: string;
  q: string;
}

/** More than a company may have: a list that says it goes on is not followed for ever. */
const MOST_PAGES = 20;

/** Those that one may see, with what happened in the last 24 hours. */
export async function list({ scope, health, q }: ListQuery, signal: AbortSignal): Promise<Webhook[]> {
  const query = { include: "activity", limit: 200, scope: scope === "own" ? undefined : scope, health, q };
  const found: Webhook[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { data } = await ask<WebhookPage>("GET", "/v1/webhooks", { query: { ...query, cursor }, signal });
    found.push(...data.items);
    if (data.nextCursor === null) break;
    cursor = data.nextCursor;
  }
  return found;
}

/** One, with the projects that its person may choose. */
export function one(id: string, signal?: AbortSignal): Promise<Answer<Webhook>> {
  return ask("GET", "/v1/webhooks/{id}", { path: { id }, query: { include: "projects,activity" }, signal });
}

/** Switches on: a probe is sent first, and comes along whatever it met. */
export async function enable(id: string): Promise<Webhook> {
  return (await ask<Webhook>("POST", "/v1/webhooks/{id}/enable", { path: { id } })).data;
}

/** Switches off. */
export async function disable(id: string): Promise<Webhook> {
  return (await ask<Webhook>("POST", "/v1/webhooks/{id}/disable", { path: { id } })).data;
}

/** Deletes it; what waits is cancelled, what is held is lost. */
export async function remove(id: string): Promise<void> {
  await ask("DELETE", "/v1/webhooks/{id}", { path: { id } });
}

/** Sends a signed sample now; the body is given as written, so that numbers keep their spelling. */
export async function test(id: string, body: string, signal?: AbortSignal): Promise<Test> {
  return (await ask<Test>("POST", "/v1/webhooks/{id}/test", { path: { id }, body, signal })).data;
}

/** Who may take it over. */
export async function candidates(id: string): Promise<Candidate[]> {
  return (await ask<CandidatePage>("GET", "/v1/users", { query: { webhookId: id } })).data.items;
}

/** Gives it to another person. */
export async function handOver(id: string, userId: string): Promise<Webhook> {
  return (await ask<Webhook>("POST", "/v1/webhooks/{id}/hand-over", { path: { id }, body: { userId } })).data;
}
