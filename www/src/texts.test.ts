// Both languages say everything, and say it in their own words.

import { expect, test } from "vitest";

const english = import.meta.glob<Catalogue>("./**/text/en.ts", { eager: true, import: "default" });
const italian = import.meta.glob<Catalogue>("./**/text/it.ts", { eager: true, import: "default" });

type Catalogue = Record<string, unknown>;

/** Words that are the same in both, because they are names, signs, or the field's own. */
const SAME =
  /^(Bluehook.*|Webhook|Menu|Account|E-mail|English|Italiano|URL|TLS|curl|Node|JSON|POST|Body|—|–|[^\p{L}]*|https?:.*|Bearer.*|whsec_.*|X-Signature.*|Zapier|Pabbly( Connect)?|.*_.*|Checklist|Tag|Record|g [a-z]|\d+ s|Enter|Esc|j k|[a-z]|.*NaN.*)$/u;

/** Every text of a catalogue with its place; functions say what they say of two examples. */
function said(value: unknown, place: string): [string, string][] {
  if (typeof value === "string") return [[place, value]];
  if (typeof value === "function") return examples(value as (...given: unknown[]) => unknown, place);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => said(inner, `${place}.${name}`));
}

function examples(say: (...given: unknown[]) => unknown, place: string): [string, string][] {
  return [3, "Ada"].flatMap((example) => {
    try {
      return said(say(...Array.from({ length: say.length }, () => example)), `${place}()`);
    } catch {
      return [];
    }
  });
}

const pairs = Object.entries(english).map(([path, en]) => [path, en, italian[path.replace("/en.ts", "/it.ts")]] as const);
const all = pairs;

test("every pair has two, and both have the same places", () => {
  expect(all.length).toBeGreaterThan(7);
  for (const [path, en, it] of all) {
    const places = (catalogue: Catalogue | undefined): string[] => said(catalogue, "").map(([place]) => place).sort();
    expect([...new Set(places(it))], path).toEqual([...new Set(places(en))]);
  }
});

test("no text is the same in both languages, unless it is a name or a sign", () => {
  for (const [path, en, it] of all) {
    const other = new Map(said(it, ""));
    // What only gives an example back says nothing itself.
    const same = said(en, "").filter(([place, text]) => other.get(place) === text && !SAME.test(text) && text !== "Ada");
    expect(same, path).toEqual([]);
  }
});

test("the voice: nothing pleads, cheers, or blames", () => {
  const BANNED = /\b(please|oops|successfully|invalid|something went wrong|per favore|ops|con successo|non valid[oaie]|qualcosa è andato storto)\b|!/i;
  for (const [path, en, it] of all) {
    const heard = [...said(en, ""), ...said(it, "")].filter(([, text]) => BANNED.test(text));
    expect(heard, path).toEqual([]);
  }
});
