// The language of the page: a person's choice, or else the browser's.

import { store, stored } from "../lib/stored";
import { en, type Catalogue } from "../text/en";
import { it } from "../text/it";

export const LANGUAGES = ["en", "it"] as const;
export type Language = (typeof LANGUAGES)[number];

const CATALOGUES: Record<Language, Catalogue> = { en, it };

class Speech {
  language = $state<Language>(stored("language", LANGUAGES) ?? preferred());

  constructor() {
    document.documentElement.lang = this.language;
  }

  /** Every text of the page. */
  get text(): Catalogue {
    return CATALOGUES[this.language];
  }

  choose(language: Language): void {
    this.language = language;
    document.documentElement.lang = language;
    store("language", language);
  }
}

function preferred(): Language {
  return navigator.language.startsWith("it") ? "it" : "en";
}

export const speech = new Speech();
