// Something that is read from the server: being read, there, or not to be had. What was there stays until there is newer.

import { clock } from "./clock.svelte";

/** Nothing is shown for this long: most answers come before. */
const PATIENCE = 150;

export class Loading<T> {
  value = $state.raw<T>();
  failure = $state.raw<unknown>();
  /** Under way for longer than one waits without a sign. */
  slow = $state(false);
  busy = $state(false);
  /** When what is shown was read, as the server has it. */
  at = $state(0);
  #running: AbortController | undefined;

  /** Reads; a reading before that has not ended is given up. */
  async read(get: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    const timer = setTimeout(() => (this.slow = true), PATIENCE);
    this.busy = true;
    try {
      const value = await get(running.signal);
      if (running.signal.aborted) return;
      this.set(value);
    } catch (error) {
      if (!running.signal.aborted) this.failure = error;
    } finally {
      clearTimeout(timer);
      if (this.#running === running) {
        this.busy = false;
        this.slow = false;
      }
    }
  }

  /** Newer than what was read: the answer to a change. */
  set(value: T): void {
    this.value = value;
    this.failure = undefined;
    this.at = clock.still;
  }

  stop(): void {
    this.#running?.abort();
  }
}
