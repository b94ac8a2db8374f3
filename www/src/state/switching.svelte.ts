// Switching a webhook on or off: under way, and what its check met when it stayed off.

import { Problem, Unreachable } from "../api/problem";
import type { Attempt, Webhook } from "../api/types";
import { disable, enable } from "../api/webhooks";
import { duration } from "../lib/number";
import type { Words } from "../text/en";
import { creatorOf } from "./fares";
import { speech } from "./language.svelte";
import { notices } from "./notices.svelte";
import { session } from "./session.svelte";
import { words } from "./words";

export class Switching {
  busy = $state(false);
  /** Why it is not as it was wished. */
  met = $state<string>();

  /** Gives the webhook as it is now; nothing when the server refused to try. */
  async to(on: boolean, webhook: Webhook): Promise<Webhook | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.met = undefined;
    try {
      return await (on ? this.#on(webhook) : this.#off(webhook));
    } catch (error) {
      this.met = sentence(error, words.now);
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  async #on(webhook: Webhook): Promise<Webhook> {
    const { probe, ...now } = await enable(webhook.id);
    if (now.enabled) told(words.now.switchedOn, now);
    else this.met = refusal(probe, words.now, speech.language);
    return now;
  }

  async #off(webhook: Webhook): Promise<Webhook> {
    const now = await disable(webhook.id);
    told(words.now.switchedOff, now);
    return now;
  }
}

function told(say: (name: string) => string, webhook: Webhook): void {
  notices.say(say(words.now.webhookName(webhook.name)));
  void session.refresh();
}

/** What its check met. */
export function refusal(probe: Attempt | null | undefined, { met, stillOff }: Words, language: string): string {
  const told =
    probe == null ? met.unseen
    : probe.response !== null ? met.answered(probe.response.statusCode, duration(language, probe.durationMs))
    : met.failed(probe.error?.detail ?? "");
  return stillOff(`${told} ${met.mend}`);
}

/** Why it may not be switched, if so. */
export function whyNot(webhook: Webhook, words: Words): string | undefined {
  const may = webhook.enabled ? webhook.may.disable : webhook.may.enable;
  if (may) return undefined;
  const [need] = webhook.disabled?.needs ?? [];
  if (need !== undefined && webhook.may.change) return words.needs[need];
  return webhook.createdById === session.me?.person.id ? words.mayNot : words.onlyCreator(creatorOf(webhook, words));
}

/** What went wrong, in one sentence: the server's own where it has one. */
export function sentence(error: unknown, { failure }: Words): string {
  if (error instanceof Problem && error.status === 404) return failure.missing;
  // A proxy's page has no code, and nothing that a person could read.
  if (error instanceof Problem && error.code !== "") return error.message;
  return error instanceof Unreachable ? failure.unreachable : failure.unknown;
}
