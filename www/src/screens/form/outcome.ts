// What the core says of a form: the request that would be sent, and what is wrong. A half-written filter or header hides
// nothing: the rest is shown without it.

import type { FieldProblem } from "../../api/problem";
import type { Core, EventName, Preview, PreviewRequest, Problem } from "../../core/core";
import type { Language } from "../../state/language.svelte";
import { bodyOf, headersOf, type Fields, type Name, type Wire } from "./fields";

/** Stands for what nobody but the receiver sees. */
export const HIDDEN = "…";

export interface Question {
  fields: Fields;
  wire: Wire;
  /** What only the server gives a webhook, as JSON by name. */
  given: Record<string, string>;
  secret: string;
  /** Whether the signature may be shown: it is that of a secret which is known here. */
  secretKnown: boolean;
  /** Two secrets sign at present. */
  overlapping: boolean;
  event: string;
  language: Language;
}

interface InLanguage {
  language: Language;
}

export interface Outcome {
  preview: Preview | undefined;
  problems: FieldProblem[];
}

type Part = "filter" | "headers" | "secret";
const SHOWN: readonly Name[] = ["name", "url", "events", "projectIds", "payloadFormat"];
const PARTS: readonly (readonly [Part, string])[] = [
  ["filter", "/webhook/filter"],
  ["headers", "/webhook/headers"],
  ["secret", "/secret"],
];

/** Asks the core. */
export function outcomeOf(core: Core, question: Question): Outcome {
  const filter = filterProblems(core, question);
  const outcome = attempt(core, question, filter.length > 0 ? ["filter"] : []);
  return { preview: outcome.preview, problems: [...filter, ...outcome.problems] };
}

function attempt(core: Core, question: Question, without: readonly Part[]): Outcome {
  try {
    return { preview: hiding(ask(core, question, without), question), problems: [] };
  } catch (error) {
    if (!(error instanceof core.InvalidInputError)) throw error;
    const at = (place: string): boolean => error.problems.some(({ pointer }) => pointer.startsWith(place));
    const faulty = PARTS.filter(([part, place]) => !without.includes(part) && at(place)).map(([part]) => part);
    const problems = error.problems.map(told);
    if (faulty.length === 0) return { preview: undefined, problems };
    const rest = attempt(core, question, [...without, ...faulty]);
    return { preview: rest.preview, problems: [...problems, ...rest.problems] };
  }
}

function ask(core: Core, question: Question, without: readonly Part[]): Preview {
  const { fields, wire, given, secret, event, language } = question;
  const more: Record<string, string> = { ...given };
  if (!without.includes("filter")) more["filter"] = wire.filter;
  if (!without.includes("headers")) more["headers"] = headersOf(fields.headers.filter(({ kept }) => !kept));
  const signer = without.includes("secret") ? "" : secret;
  const next = question.overlapping ? { nextSecret: `${secret}+` } : {};
  const preview: (request: PreviewRequest, options?: InLanguage) => Preview = core.preview;
  return preview({ webhook: bodyOf(wire, SHOWN, more), event, secret: signer, ...next }, { language });
}

/** Values of own headers are for the receiver alone, and a signature is shown only where it is the true one. */
function hiding(preview: Preview, { fields, secretKnown }: Question): Preview {
  const own = fields.headers.map(({ name }) => name.trim()).filter((name) => name !== "");
  const lower = new Set(own.map((name) => name.toLowerCase()));
  const shown = Object.entries(preview.headers)
    .filter(([name]) => !lower.has(name.toLowerCase()))
    .map(([name, value]) => [name, !secretKnown && /signature/i.test(name) ? HIDDEN : value]);
  return { ...preview, headers: Object.fromEntries([...shown, ...own.map((name) => [name, HIDDEN])]) };
}

function filterProblems(core: Core, { fields, language }: Question): FieldProblem[] {
  if (fields.filter.trim() === "") return [];
  const validate: (filter: unknown, options?: InLanguage) => Problem[] = core.validateFilter;
  return validate(fields.filter, { language }).map((problem) => told({ ...problem, pointer: `/filter${problem.pointer}` }));
}

/** A problem of the core as the API tells it. */
function told({ pointer, detail, ...rest }: Problem): FieldProblem {
  const known: Partial<FieldProblem> = rest;
  return { code: known.code ?? "", params: known.params ?? {}, pointer: pointer.replace(/^\/webhook/, ""), detail };
}

/** The event that the preview is of, in the person's own company and a project that the webhook takes. */
export function eventOf(core: Core, name: EventName, of: { companyId: string; userId: string; projectId: string | undefined }): string {
  const sample = core.sampleEvent(name);
  return JSON.stringify({ ...sample, companyId: of.companyId, userId: of.userId, projectId: of.projectId ?? sample.projectId });
}

/** What a command would send: a signature that is not shown is left out. */
export function sentBy({ headers, body }: Preview, url: string): { url: string; headers: Record<string, string>; body: string } {
  const known = Object.entries(headers).filter(([name, value]) => !(value === HIDDEN && /signature/i.test(name)));
  return { url, headers: Object.fromEntries(known), body };
}
