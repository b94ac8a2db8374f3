// Saving a form: creating, changing, and what comes back instead: problems, somebody else's change, no answer.

import type { Answer } from "../../api/client";
import { Problem } from "../../api/problem";
import { change, create } from "../../api/settings";
import type { Created, Webhook } from "../../api/types";
import { clock } from "../../state/clock.svelte";
import { notices } from "../../state/notices.svelte";
import type { OpenWebhook } from "../../state/webhook.svelte";
import type { Draft } from "./draft.svelte";
import type { Name } from "./fields";
import { text } from "./text";

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
    const { data, etag } = await this.#patch(id);
    this.#draft.accepted(data, etag, sent, clock.still);
    this.#open?.changed(data, etag);
  }

  /** Where two editors changed different fields there is nothing to choose: it is sent once more, on top of the other's. */
  async #patch(id: string): Promise<Answer<Webhook>> {
    try {
      return await change(id, this.#draft.change(), this.#draft.etag);
    } catch (error) {
      if (!(error instanceof Problem) || !this.#meanwhile(error) || this.conflict !== undefined) throw error;
      return change(id, this.#draft.change(), this.#draft.etag);
    }
  }

  #failed(error: unknown): void {
    if (!(error instanceof Problem)) {
      this.unreachable = true;
    } else if (error.status !== 401 && !this.#meanwhile(error)) {
      this.#draft.refused(error);
      const claimed = error.errors.length > 0 && this.#draft.unclaimed.length === 0;
      this.failure = claimed ? undefined : error;
    }
  }

  /** Takes over what somebody else saved; says whether it was that. */
  #meanwhile(problem: Problem): boolean {
    const theirs = problem.body["current"] as Webhook | undefined;
    if (problem.status !== 412 || theirs === undefined) return false;
    if (this.conflict !== undefined) return true;
    const etag = typeof problem.body["etag"] === "string" ? problem.body["etag"] : undefined;
    const { conflicts, theirs: taken } = this.#draft.meanwhile(theirs, etag);
    this.#open?.changed(theirs, etag);
    if (conflicts.length > 0) this.conflict = { theirs, names: conflicts };
    else if (taken.length > 0) notices.toast(text.now.conflictMerged);
    return true;
  }
}
