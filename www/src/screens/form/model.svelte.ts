// Everything the form shows, worked out of what was typed: what the core says of it, what is wrong, the verdict.

import type { Project } from "../../api/types";
import { load, type Core, type EventName } from "../../core/core";
import { afterColon } from "../../lib/sentence";
import { speech } from "../../state/language.svelte";
import { session } from "../../state/session.svelte";
import type { Draft } from "./draft.svelte";
import { givenOf } from "./given";
import { eventOf, outcomeOf, type Outcome } from "./outcome";
import { faultsOf, type Faults } from "./own-checks";
import { problemsAt, PLACES, type Place } from "./places";
import { text } from "./text";
import { UrlChecker } from "./url-check.svelte";
import { verdictOf, type Verdict } from "./verdict";

/** The first event of the catalogue: what is shown where nothing is chosen. */
const FIRST: EventName = "TODO_CREATED";

/** Stands for a secret that is not known, so that the headers of a signature are there. Their values are never shown. */
const UNKNOWN_SECRET = "a secret that nobody has";

export class Model {
  readonly draft: Draft;
  readonly checker = new UrlChecker();
  core = $state.raw<Core>();
  /** The event that was picked for the preview by hand. */
  picked = $state<EventName>();
  /** A secret that was typed only to see the signature. */
  signer = $state("");
  projects = $state.raw<readonly Project[]>([]);

  constructor(draft: Draft, projects: readonly Project[]) {
    this.draft = draft;
    this.projects = projects;
  }

  readonly event: EventName = $derived.by(() => {
    const { all, events } = this.draft.fields;
    return this.picked ?? ((all ? undefined : events[0]) as EventName | undefined) ?? FIRST;
  });

  /** Whether deliveries carry a signature. */
  readonly signed: boolean = $derived.by(() => this.draft.saved?.hasSecret ?? this.draft.secret.kind !== "none");

  /** The secret that the preview is signed with, if this page knows it. */
  readonly known: string = $derived.by(() => {
    if (this.draft.saved !== undefined) return this.signer;
    return this.draft.secret.kind === "own" ? this.draft.secret.own : "";
  });

  readonly outcome: Outcome | undefined = $derived.by(() => (this.core === undefined ? undefined : this.#ask(this.core)));
  readonly faults: Faults = $derived.by(() =>
    faultsOf(this.draft.fields, this.draft.saved === undefined ? this.draft.secret : undefined, text.now),
  );

  /** What keeps it from being saved, one sentence a field. */
  readonly open: readonly { place: Place; problem: string }[] = $derived.by(() =>
    PLACES.flatMap((place) => {
      const problem = this.faults[place] ?? this.#told(place);
      return problem === undefined ? [] : [{ place, problem }];
    }),
  );

  readonly verdict: Verdict = $derived.by(() => {
    const url = this.draft.fields.url.trim();
    const open = this.open.map(({ place, problem }) => `${text.now.fields[place]}: ${afterColon(problem)}`);
    return verdictOf({ outcome: this.outcome, open, url, check: this.checker.of(url), signed: this.signed }, text.now);
  });

  /** What is said at a field: nothing before it was left once. */
  problem(place: Place): string | undefined {
    if (!this.draft.left.has(place)) return undefined;
    return this.open.find((problem) => problem.place === place)?.problem;
  }

  async fetchCore(): Promise<void> {
    this.core = await load();
  }

  /** The server's check of the address, unless it is plain that there is none. */
  checkUrl(again = false): void {
    const url = this.draft.fields.url.trim();
    if (this.faults.url === undefined) void this.checker.check(url, again);
  }

  #told(place: Place): string | undefined {
    const known = [...this.draft.refusals(place), ...problemsAt(this.outcome?.problems ?? [], place)];
    return known[0]?.detail;
  }

  #ask(core: Core): Outcome {
    const { draft } = this;
    const { fields, shown: wire, saved } = draft;
    const me = session.me;
    const projectId = fields.allProjects ? this.projects[0]?.id : fields.projectIds[0];
    const of = { companyId: me?.company.id ?? "", userId: me?.person.id ?? "", projectId };
    return outcomeOf(core, {
      fields,
      wire,
      given: givenOf(saved, of.userId),
      secret: this.known !== "" ? this.known : this.signed ? UNKNOWN_SECRET : "",
      secretKnown: this.known !== "",
      overlapping: saved?.secrets?.some(({ role }) => role === "NEXT") ?? false,
      event: eventOf(core, this.event, of),
      language: speech.language,
    });
  }
}
