// A webhook as it is being written. It lives in memory, so the server's restart or a session's end loses nothing.

import { SvelteSet } from "svelte/reactivity";

import type { FieldProblem, Problem } from "../../api/problem";
import type { Webhook } from "../../api/types";
import { bodyOf, differing, emptyFields, exactly, fieldsOf, NAMES, wireOf, type Fields, type Name, type Wire } from "./fields";
import { merge, taking, type Merged } from "./merge";
import { placeOfPointer, problemsAt, type Place } from "./places";
import { secretField, type SecretChoice } from "./secret-choice";

/** What a refusal was about: what is told of a field holds until the field is another. */
interface Refusal {
  problems: readonly FieldProblem[];
  wire: Wire;
  secret: string;
}

export class Draft {
  fields = $state<Fields>(emptyFields());
  secret = $state<SecretChoice>({ kind: "generated", own: "" });
  /** The webhook that is changed; nothing while it is new. */
  saved = $state.raw<Webhook>();
  etag: string | undefined;
  /** When it was saved last, as the server has it. */
  savedAt = $state<number>();
  /** Fields that were left once: from then on they are checked while one types. */
  readonly left = new SvelteSet<Place>();
  /** Makes creation happen once, however often it is sent. */
  readonly key = randomKey();
  #base = $state.raw<Wire>(wireOf(emptyFields()));
  #refusal = $state.raw<Refusal>();

  readonly wire: Wire = $derived(wireOf(this.fields));
  readonly changes: Name[] = $derived(differing(this.#base, this.wire));
  readonly changed: boolean = $derived(this.changes.length > 0 || (this.saved === undefined && this.secret.kind !== "generated"));

  /** The fields as a body has them: what was not changed is as it was saved, to the letter. */
  readonly shown: Wire = $derived.by(() => {
    if (this.saved === undefined) return this.wire;
    const exact = Object.entries(exactly(this.saved)).filter(([name]) => !this.changes.includes(name as Name));
    return { ...this.wire, ...Object.fromEntries(exact) };
  });

  /** A new webhook; with `events` chosen, or as a copy of another one, whose secret and header values do not come along. */
  static fresh(events: readonly string[] = []): Draft {
    const draft = new Draft();
    draft.fields.events = [...events];
    return draft;
  }

  static copy(of: Webhook): Draft {
    const draft = new Draft();
    const fields = fieldsOf(of);
    draft.fields = { ...fields, headers: fields.headers.map((header) => ({ ...header, kept: false })) };
    return draft;
  }

  static of(webhook: Webhook, etag: string | undefined): Draft {
    const draft = new Draft();
    draft.#take(webhook, etag);
    return draft;
  }

  /** Whether its receiver has seen a body. */
  get hasSent(): boolean {
    return (this.saved?.health.lastAttemptAt ?? null) !== null;
  }

  /** The body of a creation. */
  creation(): string {
    return bodyOf(this.wire, NAMES, secretField(this.secret));
  }

  /** The body of a change: only what differs. */
  change(): string {
    return bodyOf(this.wire, this.changes);
  }

  /** It was saved as this. What was typed since stays. */
  accepted(webhook: Webhook, etag: string | undefined, sent: Wire, at: number): void {
    const typed = differing(sent, this.wire);
    const mine = { ...this.fields };
    this.#take(webhook, etag);
    if (typed.length > 0) this.fields = taking(this.fields, mine, typed);
    this.savedAt = at;
  }

  /** Somebody else saved it meanwhile. What only they changed is taken over; the rest is theirs to choose who edits. */
  meanwhile(theirs: Webhook, etag: string | undefined): Merged {
    const fields = fieldsOf(theirs);
    const merged = merge(this.#base, this.wire, wireOf(fields));
    this.fields = taking(this.fields, fields, merged.theirs);
    this.saved = theirs;
    this.etag = etag;
    this.#base = wireOf(fields);
    return merged;
  }

  /** It was read anew, or switched: a form that nobody touched follows whole, any other in what is no field. */
  follow(webhook: Webhook, etag: string | undefined): void {
    if (webhook === this.saved) return;
    if (this.changed) this.saved = webhook;
    else this.#take(webhook, etag ?? this.etag);
  }

  /** Takes the other one's value of these. */
  yield(theirs: Webhook, names: readonly Name[]): void {
    this.fields = taking(this.fields, fieldsOf(theirs), names);
  }

  /** Back to what is saved. */
  revert(): void {
    if (this.saved !== undefined) this.#take(this.saved, this.etag);
    this.left.clear();
  }

  refused(problem: Problem): void {
    this.#refusal = { problems: problem.errors, wire: this.wire, secret: this.secret.own };
    for (const { pointer } of problem.errors) {
      const place = placeOfPointer(pointer);
      if (place !== undefined) this.left.add(place);
    }
  }

  /** What the server said of a field, as long as the field is what it spoke of. */
  refusals(place: Place): FieldProblem[] {
    const refusal = this.#refusal;
    if (refusal === undefined) return [];
    const same = place === "secret" ? refusal.secret === this.secret.own : refusal.wire[place] === this.wire[place];
    return same ? problemsAt(refusal.problems, place) : [];
  }

  /** What no field claims. */
  get unclaimed(): FieldProblem[] {
    return this.#refusal?.problems.filter(({ pointer }) => placeOfPointer(pointer) === undefined) ?? [];
  }

  forgive(): void {
    this.#refusal = undefined;
  }

  #take(webhook: Webhook, etag: string | undefined): void {
    this.saved = webhook;
    this.etag = etag;
    this.fields = fieldsOf(webhook);
    this.#base = wireOf(this.fields);
    this.#refusal = undefined;
  }
}

/** 128 random bits. `randomUUID` is not there on a page without TLS. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
