// A language that nobody speaks: every text 40% longer and with accents, to see what does not fit.

const ACCENTS: Record<string, string> = { a: "à", e: "é", i: "ï", o: "ö", u: "û", A: "Å", E: "É", I: "Î", O: "Ø", U: "Ü" };

/** One text, longer. */
export function stretch(text: string): string {
  const accented = text.replace(/[aeiouAEIOU]/g, (vowel) => ACCENTS[vowel] ?? vowel);
  return accented + " ~".repeat(Math.ceil((text.length * 0.4) / 2));
}

/** A whole catalogue, longer: its texts, and what its functions answer. */
export function pseudo<T>(catalogue: T): T {
  return longer(catalogue) as T;
}

function longer(value: unknown): unknown {
  if (typeof value === "string") return stretch(value);
  if (Array.isArray(value)) return value.map(longer);
  if (typeof value === "function") return (...given: unknown[]) => longer((value as (...given: unknown[]) => unknown)(...given));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, longer(inner)]));
}
