// The sample that a test is sent with: the event's own, or changed by hand.

import { sampleOf } from "../../api/event-types";
import { Loading } from "../../state/loading.svelte";

/** What stands in the way of sending it. */
export type Flaw = { code: "NOT_JSON"; at: number | undefined } | { code: "NOT_OBJECT" };

export class Sample {
  event = $state("");
  text = $state("");
  readonly own = new Loading<string>();

  /** Whether it was changed by hand. */
  get changed(): boolean {
    return this.own.value !== undefined && this.text !== this.own.value;
  }

  async choose(event: string): Promise<void> {
    this.event = event;
    await this.own.read(async (signal) => written(await sampleOf(event, signal)));
    this.text = this.own.value ?? "";
  }

  reset(): void {
    this.text = this.own.value ?? "";
  }

  /** The request's body. Values go as they were written, so that no number changes its spelling. */
  get body(): string {
    const event = `"event":${JSON.stringify(this.event)}`;
    if (!this.changed) return `{${event}}`;
    const members = this.text.trim().slice(1, -1).trim();
    return members === "" ? `{${event}}` : `{${event},${members}}`;
  }

  get flaw(): Flaw | undefined {
    if (!this.changed) return undefined;
    try {
      const read: unknown = JSON.parse(this.text);
      return typeof read === "object" && read !== null && !Array.isArray(read) ? undefined : { code: "NOT_OBJECT" };
    } catch (error) {
      return { code: "NOT_JSON", at: place(error) };
    }
  }
}

function written(sample: unknown): string {
  return JSON.stringify(sample, undefined, 2);
}

/** Where reading stopped, as far as the browser says. */
function place(error: unknown): number | undefined {
  const at = /position (\d+)/.exec(String(error))?.[1];
  return at === undefined ? undefined : Number(at);
}
