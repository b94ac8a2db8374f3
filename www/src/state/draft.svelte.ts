// The webhook that is being set up, and what it would be sent. Held in memory only: a secret is never stored.

import { InvalidInputError, preview, sampleEvent, type Preview, type Problem } from "bluehook/preview";

import type { EventName } from "../lib/catalogue";

export type Format = "full" | "compact";

/** What only the server can give a webhook. It is shown as an example until there is one. */
const GIVEN_BY_SERVER = {
  id: "clb4qaopy0000vt24mlp28v03",
  uid: "edb5b5d51dc9461a952160dbe72153b4",
  status: "HEALTHY",
  createdById: "claksl2ye0000vtas0h0ln71e",
  createdAt: "2022-12-01T07:01:25.014Z",
  updatedAt: "2022-12-01T11:23:00.661Z",
};

export const FILTER = "/webhook/filter";
export const SECRET = "/secret";
const PARTS = [FILTER, SECRET] as const;
type Part = (typeof PARTS)[number];

/** A preview, or what stands in its way. */
export interface Outcome {
  preview: Preview | undefined;
  problems: Problem[];
}

class Draft {
  name = $state("Testing webhook");
  url = $state("https://example.com/hooks/blue");
  secret = $state("");
  enabled = $state(true);
  format = $state<Format>("full");
  chosen = $state<EventName[]>([]);
  filter = $state("");
  event = $state<EventName>("TODO_CREATED");

  /** The webhook as the API would answer it, without its filter. */
  private readonly webhook = $derived({
    ...GIVEN_BY_SERVER,
    name: this.name === "" ? null : this.name,
    url: this.url,
    enabled: this.enabled,
    events: this.chosen,
    projectIds: [],
    payloadFormat: this.format,
  });

  readonly outcome: Outcome = $derived(this.attempt([]));

  /** What is wrong with a field, if anything. */
  problemsOf(pointer: string): Problem[] {
    return this.outcome.problems.filter((problem) => problem.pointer.startsWith(pointer));
  }

  choose(event: EventName, wanted: boolean): void {
    this.chosen = wanted ? [...this.chosen, event] : this.chosen.filter((chosen) => chosen !== event);
  }

  /** A filter or a secret that is half written hides nothing: the rest of the request is shown without it. */
  private attempt(without: readonly Part[]): Outcome {
    const outcome = this.ask(without);
    const faulty = PARTS.filter((part) => outcome.problems.some(({ pointer }) => pointer.startsWith(part)));
    if (faulty.length === 0) return outcome;
    const rest = this.attempt([...without, ...faulty]);
    return { preview: rest.preview, problems: [...outcome.problems, ...rest.problems] };
  }

  private ask(without: readonly Part[]): Outcome {
    const webhook = JSON.stringify(this.webhook);
    const filter = without.includes(FILTER) ? "" : this.filter.trim();
    const secret = without.includes(SECRET) ? "" : this.secret;
    try {
      if (filter !== "") JSON.parse(filter);
      const whole = filter === "" ? webhook : `${webhook.slice(0, -1)},"filter":${filter}}`;
      return { preview: preview({ webhook: whole, event: sampleEvent(this.event), secret }), problems: [] };
    } catch (error) {
      return { preview: undefined, problems: problemsIn(error) };
    }
  }
}

function problemsIn(error: unknown): Problem[] {
  if (error instanceof InvalidInputError) return error.problems;
  if (error instanceof SyntaxError) return [{ pointer: FILTER, detail: error.message }];
  throw error;
}

export const draft = new Draft();
