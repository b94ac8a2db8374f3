// One or many, as a language has it.

export interface Forms {
  one: string;
  other: string;
}

const RULES = new Map<string, Intl.PluralRules>();

/** The form that fits a number. English and Italian have these two for whole numbers. */
export function plural(language: string, count: number, forms: Forms): string {
  const rules = RULES.get(language) ?? new Intl.PluralRules(language);
  RULES.set(language, rules);
  return rules.select(count) === "one" ? forms.one : forms.other;
}
