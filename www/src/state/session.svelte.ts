// Who is signed in. When a session ends in the middle of something, everything stays where it is until someone is back.

import { around } from "../api/client";
import { me, signOut } from "../api/me";
import { Problem } from "../api/problem";
import { endAllSessions } from "../api/sessions";
import type { Me } from "../api/types";
import { clock } from "./clock.svelte";
import { speech } from "./language.svelte";

class Session {
  me = $state.raw<Me>();
  /** Nobody was signed in when the page came. */
  absent = $state(false);
  /** There was a session, and it ended while the page was open. */
  over = $state(false);
  /** Another person is signed in in this browser now: whose work is on the page. */
  instead = $state.raw<Me>();
  failure = $state.raw<unknown>();

  constructor() {
    around.signedOut = () => this.#ended();
    addEventListener("focus", () => void this.#look());
  }

  /** Asks who is here, before anything is drawn. */
  async begin(): Promise<void> {
    this.failure = undefined;
    try {
      await this.#welcome(await me());
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) this.failure = error;
    }
  }

  /** Counts and rights may have changed. */
  async refresh(): Promise<void> {
    try {
      await this.#arrived(await me());
    } catch {
      // What is known stays; the connection and the end of a session are told elsewhere.
    }
  }

  /** Goes on as the one who is signed in now. */
  async accept(): Promise<void> {
    if (this.instead !== undefined) await this.#welcome(this.instead);
  }

  async signOut(): Promise<void> {
    await signOut();
    this.#forget();
    this.absent = true;
  }

  async signOutEverywhere(): Promise<void> {
    await endAllSessions();
    this.#forget();
    this.absent = true;
  }

  /** On coming back to the page: someone may have signed in, or out, in another tab. */
  async #look(): Promise<void> {
    if (this.me !== undefined || this.absent) await this.refresh();
  }

  async #arrived(now: Me): Promise<void> {
    const same = this.me === undefined || (this.me.person.id === now.person.id && this.me.company.id === now.company.id);
    if (same) return this.#welcome(now);
    this.instead = now;
    this.over = false;
  }

  async #welcome(now: Me): Promise<void> {
    around.csrf = now.session.csrf ?? undefined;
    clock.set(now.server.now);
    await speech.follow(now.person.locale);
    this.me = now;
    this.over = false;
    this.absent = false;
    this.instead = undefined;
  }

  #ended(): void {
    if (this.me === undefined) this.absent = true;
    else if (!this.absent) this.over = true;
  }

  #forget(): void {
    this.me = undefined;
    around.csrf = undefined;
    this.over = false;
  }
}

export const session = new Session();
