// What a form saves and asks: creating, changing, checking an address, and the secret.

import { ask, type Answer } from "./client";
import type { ProjectPage } from "./forms";
import type { Created, Project, Rotated, UrlCheck, Webhook } from "./types";

/** Makes a webhook. The same key makes nothing twice: the answer then has no secret. The body is given as it was written. */
export async function create(body: string, key: string): Promise<Created> {
  return (await ask<Created>("POST", "/v1/webhooks", { body, key })).data;
}

/** Changes what the body names, unless somebody else did so since. */
export function change(id: string, body: string, etag: string | undefined): Promise<Answer<Webhook>> {
  return ask("PATCH", "/v1/webhooks/{id}", { path: { id }, body, etag });
}

/** Whether an address can be reached, as the server sees it. Nothing is sent there. */
export async function checkUrl(url: string, signal: AbortSignal): Promise<UrlCheck> {
  return (await ask<UrlCheck>("POST", "/v1/url-check", { body: { url }, signal })).data;
}

/** The projects that a person may choose. */
export async function projects(signal?: AbortSignal): Promise<Project[]> {
  return (await ask<ProjectPage>("GET", "/v1/projects", { signal })).data.items;
}

/** Makes the next secret; both sign for `overlapSeconds`. */
export async function rotate(id: string, overlapSeconds: number, secret?: string): Promise<Rotated> {
  const body = secret === undefined ? { overlapSeconds } : { overlapSeconds, secret };
  return (await ask<Rotated>("POST", "/v1/webhooks/{id}/rotate-secret", { path: { id }, body })).data;
}

/** From now on only the newest secret signs. */
export async function finishRotation(id: string): Promise<Webhook> {
  return (await ask<Webhook>("POST", "/v1/webhooks/{id}/finish-rotation", { path: { id } })).data;
}

/** Takes the secret away: nothing is signed any more. */
export async function stopSigning(id: string): Promise<void> {
  await ask("DELETE", "/v1/webhooks/{id}/secret", { path: { id } });
}
