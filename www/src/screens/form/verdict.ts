// Whether an event would be sent. It is never greener than the server: whatever is not known, or open, is said instead.

import type { Outcome } from "./outcome";
import type { FormText } from "./text/en";
import type { UrlState } from "./url-check.svelte";

export type Tone = "good" | "warn" | "bad" | "idle";

export interface Verdict {
  code: "READY" | "LOADING" | "FAULTY" | "OFF" | "NO_MATCH" | "NO_URL" | "URL_UNKNOWN" | "URL_BAD";
  tone: Tone;
  text: string;
}

export interface Known {
  outcome: Outcome | undefined;
  /** What keeps the form from being saved. */
  open: readonly string[];
  url: string;
  check: UrlState;
  signed: boolean;
}

/** The verdict on what is known. */
export function verdictOf({ outcome, open, url, check, signed }: Known, text: FormText): Verdict {
  if (outcome === undefined) return { code: "LOADING", tone: "idle", text: text.verdictLoading };
  const { preview } = outcome;
  const why = preview?.why ?? undefined;
  if (why?.code === "DISABLED") return { code: "OFF", tone: "warn", text: text.verdictOff };
  if (url === "") return { code: "NO_URL", tone: "idle", text: text.verdictNoUrl };
  const [first, second] = open;
  if (first !== undefined) return { code: "FAULTY", tone: "warn", text: second === undefined ? first : text.verdictFaulty(open.length) };
  if (preview === undefined) return { code: "FAULTY", tone: "warn", text: text.previewNone };
  if (why !== undefined) return { code: "NO_MATCH", tone: "idle", text: text.verdictNoMatch(text.why(why)) };
  return ofAddress(check, preview.size, signed, text);
}

function ofAddress(check: UrlState, size: number, signed: boolean, text: FormText): Verdict {
  if (check.kind === "DONE" && check.found.ok) {
    return { code: "READY", tone: "good", text: text.verdictReady(check.found.hostUnicode ?? check.found.host ?? "", size, signed) };
  }
  if (check.kind === "DONE" || check.kind === "REFUSED") return { code: "URL_BAD", tone: "bad", text: text.verdictUrlBad };
  const tone = check.kind === "UNKNOWN" || check.kind === "LIMITED" ? "warn" : "idle";
  return { code: "URL_UNKNOWN", tone, text: check.kind === "CHECKING" ? text.verdictChecking : text.verdictUnchecked };
}
