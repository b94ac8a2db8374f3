// What can be done with a secret. A new one is held only as long as it is shown.

import { Problem } from "../../api/problem";
import { finishRotation, rotate, stopSigning } from "../../api/settings";
import type { Webhook } from "../../api/types";
import { notices } from "../../state/notices.svelte";
import type { OpenWebhook } from "../../state/webhook.svelte";
import { words } from "../../state/words";
import { text } from "./text";

export type Step = "rotate" | "finish" | "stop";

export class Keeper {
  busy = $state<Step>();
  failure = $state<string>();
  /** The new secret, until its dialog is closed. */
  fresh = $state.raw<string>();
  readonly #open: OpenWebhook;

  constructor(open: OpenWebhook) {
    this.#open = open;
  }

  /** The next secret; both sign for so long. */
  rotate(overlapSeconds: number, own?: string): Promise<boolean> {
    return this.#do("rotate", async () => {
      const { secret } = await rotate(this.#open.id, overlapSeconds, own);
      this.fresh = secret;
      await this.#open.read();
    });
  }

  /** From now on only the newest signs. */
  finish(): Promise<boolean> {
    return this.#do("finish", async () => {
      this.#changed(await finishRotation(this.#open.id));
      notices.toast(text.now.finished);
    });
  }

  /** Nothing is signed any more. */
  stop(): Promise<boolean> {
    return this.#do("stop", async () => {
      await stopSigning(this.#open.id);
      await this.#open.read();
      notices.toast(text.now.stopped);
    });
  }

  forget(): void {
    this.fresh = undefined;
  }

  #changed(webhook: Webhook): void {
    this.#open.changed(webhook);
    void this.#open.read();
  }

  async #do(step: Step, act: () => Promise<void>): Promise<boolean> {
    if (this.busy !== undefined) return false;
    this.busy = step;
    this.failure = undefined;
    try {
      await act();
      return true;
    } catch (error) {
      this.failure = error instanceof Problem ? error.message : words.now.failure.unreachable;
      return false;
    } finally {
      this.busy = undefined;
    }
  }
}
