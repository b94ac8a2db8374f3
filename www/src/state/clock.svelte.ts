// The server's time, once a second, for everyone who shows it; it stands still while nobody looks.

import { createSubscriber } from "svelte/reactivity";

class Clock {
  /** How far the server's clock is ahead of this machine's. */
  #ahead = 0;
  readonly #seen = createSubscriber((update) => {
    const timer = setInterval(() => document.hidden || update(), 1000);
    document.addEventListener("visibilitychange", update);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", update);
    };
  });

  /** Milliseconds now, as the server has it. Whoever reads it while drawing is drawn again each second. */
  get now(): number {
    this.#seen();
    return this.still;
  }

  /** This machine's time, drawn again each second: for waits that were begun here. */
  get mine(): number {
    this.#seen();
    return Date.now();
  }

  /** The server's time, without being drawn again. */
  get still(): number {
    return Date.now() + this.#ahead;
  }

  set(serverNow: string): void {
    const told = Date.parse(serverNow);
    if (!Number.isNaN(told)) this.#ahead = told - Date.now();
  }
}

export const clock = new Clock();
