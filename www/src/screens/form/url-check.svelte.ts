// Whether an address can be reached, asked when its field is left. The next key makes what was found worthless.

import { Problem } from "../../api/problem";
import { checkUrl } from "../../api/settings";
import type { UrlCheck } from "../../api/types";

export type UrlState =
  | { kind: "NONE" }
  | { kind: "CHECKING"; url: string }
  | { kind: "DONE"; url: string; found: UrlCheck }
  /** The server is away, or could not say. */
  | { kind: "UNKNOWN"; url: string }
  | { kind: "LIMITED"; url: string; seconds: number }
  | { kind: "REFUSED"; url: string; detail: string };

export class UrlChecker {
  state = $state.raw<UrlState>({ kind: "NONE" });
  #running: AbortController | undefined;

  /** What is known of this very address. */
  of(url: string): UrlState {
    return this.state.kind !== "NONE" && this.state.url === url ? this.state : { kind: "NONE" };
  }

  /** Whether this very address is right. */
  holds(url: string): boolean {
    const state = this.of(url);
    return state.kind === "DONE" && state.found.ok;
  }

  /** Its address was typed on: an answer under way is of the one before. */
  forget(): void {
    this.#running?.abort();
    if (this.state.kind === "CHECKING") this.state = { kind: "NONE" };
  }

  async check(url: string, again = false): Promise<void> {
    const known = this.of(url).kind;
    if (known === "CHECKING" || (known === "DONE" && !again)) return;
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.state = { kind: "CHECKING", url };
    const state = await this.#ask(url, running.signal);
    if (!running.signal.aborted) this.state = state;
  }

  async #ask(url: string, signal: AbortSignal): Promise<UrlState> {
    try {
      return { kind: "DONE", url, found: await checkUrl(url, signal) };
    } catch (error) {
      if (!(error instanceof Problem)) return { kind: "UNKNOWN", url };
      if (error.status === 429) return { kind: "LIMITED", url, seconds: Number(error.params["retryAfterSeconds"] ?? 60) };
      return error.status === 400 ? { kind: "REFUSED", url, detail: error.errors[0]?.detail ?? error.message } : { kind: "UNKNOWN", url };
    }
  }
}
