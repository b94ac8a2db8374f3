// One form while it is open: its draft, what is worked out of it, saving it, and leaving it.

import type { Project } from "../../api/types";
import { href } from "../../router/routes";
import { router } from "../../router/router.svelte";
import { connection } from "../../state/connection.svelte";
import { drafts } from "../../state/drafts.svelte";
import { notices } from "../../state/notices.svelte";
import { session } from "../../state/session.svelte";
import type { OpenWebhook } from "../../state/webhook.svelte";
import type { Draft } from "./draft.svelte";
import { Model } from "./model.svelte";
import { goTo } from "./places";
import { Saver } from "./saver.svelte";
import { text } from "./text";

export interface Opening {
  draft: Draft;
  projects: readonly Project[];
  /** Under which the draft is kept. */
  name: string;
  open?: OpenWebhook | undefined;
  readonly?: boolean;
}

export class Sheet {
  readonly draft: Draft;
  readonly model: Model;
  readonly saver: Saver;
  readonly readonly: boolean;
  /** Where one wanted to go, while it is asked what becomes of the changes. */
  leaving = $state.raw<() => void>();
  askFormat = $state(false);
  /** Takes the focus when the reasons of a refusal stand in it. */
  summary: HTMLElement | undefined;
  readonly #name: string;

  constructor({ draft, projects, name, open, readonly = false }: Opening) {
    this.draft = draft;
    this.model = new Model(draft, projects);
    this.saver = new Saver(draft, open);
    this.readonly = readonly;
    this.#name = name;
  }

  /** Nobody, or somebody else, is signed in now. */
  get waits(): boolean {
    return session.over || session.instead !== undefined;
  }

  get #losable(): boolean {
    return this.draft.changed && this.saver.created === undefined && !this.readonly;
  }

  /** Keeps what is typed as long as it is not saved. */
  keep(): void {
    if (this.#losable) drafts.keep(this.#name, this.draft);
    else drafts.drop(this.#name);
  }

  /** Whether one may leave at once. */
  mayLeave(go: () => void): boolean {
    if (this.#losable) this.leaving = go;
    return !this.#losable;
  }

  leave(): void {
    const go = this.leaving;
    this.leaving = undefined;
    drafts.drop(this.#name);
    router.free();
    go?.();
  }

  /** Saves, unless there is something to put right or to ask first. */
  async save(sure = false): Promise<void> {
    this.askFormat = false;
    if (this.readonly || this.saver.busy || this.waits || connection.lost) return;
    if (this.draft.saved !== undefined && !this.draft.changed) return;
    if (this.#leads()) return;
    this.askFormat = !sure && this.draft.changes.includes("payloadFormat") && this.draft.hasSent;
    if (!this.askFormat) await this.#send();
  }

  /** Created, and its secret kept: the next thing is to try it. */
  done(): void {
    const { created } = this.saver;
    if (created === undefined) return;
    router.free();
    notices.toast(text.now.created(created.name ?? text.now.untitled));
    router.go(href(created.duplicate === true ? "secret" : "test", { id: created.id }));
  }

  async #send(): Promise<void> {
    if (await this.saver.save()) return this.#saved();
    if (this.saver.conflict !== undefined || this.saver.unreachable || this.waits) return;
    if (this.saver.failure === undefined) this.#leads();
    else this.summary?.focus();
  }

  #saved(): void {
    drafts.drop(this.#name);
    void session.refresh();
    const { created } = this.saver;
    if (created !== undefined && created.secret === null && created.duplicate !== true) this.done();
  }

  /** To the first field that has something to put right; from now on all such fields say so. */
  #leads(): boolean {
    const { open } = this.model;
    for (const { place } of open) this.draft.left.add(place);
    const [first] = open;
    if (first !== undefined) goTo(first.place);
    return first !== undefined;
  }
}
