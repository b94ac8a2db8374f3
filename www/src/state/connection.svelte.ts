// Whether the server answers. When it does not, it is asked again after 1, 2, 4 … 30 s.

import { around } from "../api/client";
import { pause } from "../lib/back-off";

class Connection {
  /** Since when nothing answered, if so. */
  lostAt = $state<number>();
  nextTryAt = $state(0);
  /** Rises with every return of the server: what is shown may be old. */
  returns = $state(0);
  #failed = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get lost(): boolean {
    return this.lostAt !== undefined;
  }

  constructor() {
    around.reached = () => this.#reached();
    around.lost = () => this.#lost();
  }

  async tryNow(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      const response = await fetch("/readyz", { cache: "no-store" });
      if (response.status < 500) return this.#reached();
    } catch {
      // Still away.
    }
    if (this.lost) this.#again();
  }

  #reached(): void {
    if (!this.lost) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#failed = 0;
    this.lostAt = undefined;
    this.returns += 1;
  }

  #lost(): void {
    this.lostAt ??= Date.now();
    if (this.#timer === undefined) this.#again();
  }

  #again(): void {
    this.#failed += 1;
    const wait = pause(this.#failed);
    this.nextTryAt = Date.now() + wait;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.tryNow(), wait);
  }
}

export const connection = new Connection();
