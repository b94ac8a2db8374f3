// The webhook whose page is open: read once by the frame, used and changed by every tab of it.

import { getContext, setContext } from "svelte";

import { one } from "../api/webhooks";
import type { Answer } from "../api/client";
import type { Webhook } from "../api/types";
import { Loading } from "./loading.svelte";

export class OpenWebhook {
  readonly id: string;
  readonly loading = new Loading<Answer<Webhook>>();

  constructor(id: string) {
    this.id = id;
  }

  get webhook(): Webhook | undefined {
    return this.loading.value?.data;
  }

  /** For `If-Match`. */
  get etag(): string | undefined {
    return this.loading.value?.etag;
  }

  read(): Promise<void> {
    return this.loading.read((signal) => one(this.id, signal));
  }

  /** What a change was answered with. It lacks what only the page's own request asks for. */
  changed(webhook: Webhook, etag?: string): void {
    const { projects, activity } = this.webhook ?? {};
    const whole = { ...webhook, ...(projects && { projects }), ...(activity && { activity }) };
    this.loading.set({ data: whole, etag });
  }
}

const KEY = Symbol("webhook");

/** For the tabs below this frame. */
export function provideWebhook(open: OpenWebhook): void {
  setContext(KEY, open);
}

/** The open webhook, inside a webhook's frame; nothing where there is none (a new one). */
export function openWebhook(): OpenWebhook | undefined {
  return getContext<OpenWebhook | undefined>(KEY);
}
