// Saving a form: creating, changing, and what comes back instead: problems, somebody else's change, no answer.

import { Problem } from "../../api/problem";
import { change, create, type Created } from "../../api/settings";
import type { Webhook } from "../../api/types";
import { clock } from "../../state/clock.svelte";
import type { OpenWebhook } from "../../state/webhook.svelte";
import type { Draft } from "./draft.svelte";
import type { Name } from "./fields";

export interface Conflict {
  theirs: Webhook;
  /** What both changed. */
  names: Name[];
}

export class Saver {
  busy = $state(false);
  /** Why it was not saved, where no field is to blame. */
  failure = $state.raw<Problem>();
  unreachable = $state(false);
  conflict = $state.raw<Conflict>();
  /** It was made: its secret is here once, or not at all. */
  created = $state.raw<Created>();
  readonly #draft: Draft;
  readonly #open: OpenWebhook | undefined;

  constructor(draft: Draft, open: OpenWebhook | undefined) {
    this.#draft = draft;
    this.#open = open;
  }

  /** The choice between two editors was made, or put off. */
  put(): void {
    this.conflict = undefined;
  }

  /** Sends it; says whether it was saved. */
  async save(): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = undefined;
    this.unreachable = false;
    this.#draft.forgive();
    try {
      await (this.#draft.saved === undefined ? this.#create() : this.#change(this.#draft.saved.id));
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  async #create(): Promise<void> {
    this.created = await create(this.#draft.creation(), this.#draft.key);
  }

  async #change(id: string): Promise<void> {
    const sent = this.#draft.wire;
    const { data, etag } = await change(id, this.#draft.change(), this.#draft.etag);
    this.#draft.accepted(data, etag, sent, clock.still);
    this.#open?.changed(data, etag);
  }

  #failed(error: unknown): void {
    if (!(error instanceof Problem)) {
      this.unreachable = true;
    } else if (error.status === 412 && error.body["current"] !== undefined) {
      this.#meanwhile(error);
    } else if (error.status !== 401) {
      this.#draft.refused(error);
      const claimed = error.errors.length > 0 && this.#draft.unclaimed.length === 0;
      this.failure = claimed ? undefined : error;
    }
  }

  #meanwhile(problem: Problem): void {
    const theirs = problem.body["current"] as Webhook;
    const etag = typeof problem.body["etag"] === "string" ? problem.body["etag"] : undefined;
    const { conflicts } = this.#draft.meanwhile(theirs, etag);
    this.#open?.changed(theirs, etag);
    this.conflict = { theirs, names: conflicts };
  }
}
