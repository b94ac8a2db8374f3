// The language of the page: a person's choice, else Blue's for them, else the browser's, else English. Of every pair of
// texts only the chosen one is loaded.

import { around } from "../api/client";
import { store, stored } from "../lib/stored";

export const LANGUAGES = ["en", "it"] as const;
export type Language = (typeof LANGUAGES)[number];

/** `pseudo` is English made longer, for the gallery and for tests. */
const KNOWN = [...LANGUAGES, "pseudo"] as const;
type Known = (typeof KNOWN)[number];

type Source<T> = () => Promise<{ default: T }>;

/** A pair of texts. What it says is there once `load` has ended. */
export class Texts<T> {
  readonly #sources: Record<Language, Source<T>>;
  readonly #kept: Partial<Record<Known, T>> = {};
  #loaded = $state(0);

  constructor(en: Source<T>, it: Source<T>) {
    this.#sources = { en, it };
  }

  /** Every text, in the language of the page. */
  get now(): T {
    void this.#loaded;
    const found = this.#kept[speech.known];
    if (found === undefined) throw new Error("these texts were not loaded");
    return found;
  }

  async load(language: Known = speech.known): Promise<void> {
    used.add(this as Texts<unknown>);
    if (this.#kept[language] !== undefined) return;
    this.#kept[language] = await this.#read(language);
    this.#loaded += 1;
  }

  async #read(language: Known): Promise<T> {
    if (language !== "pseudo") return (await this.#sources[language]()).default;
    const [{ pseudo }, english] = await Promise.all([import("../lib/pseudo"), this.#sources.en()]);
    return pseudo(english.default);
  }
}

/** A pair of texts, by how each is loaded. */
export function texts<T>(en: Source<T>, it: Source<NoInfer<T>>): Texts<T> {
  return new Texts(en, it);
}

/** Those in use: they come along when the language changes. */
const used = new Set<Texts<unknown>>();

class Speech {
  known = $state<Known>(stored("language", KNOWN) ?? preferred(navigator.language));
  readonly #chosen = stored("language", KNOWN) !== undefined;

  constructor() {
    this.#tell();
  }

  /** What dates, numbers and `lang` go by. */
  get language(): Language {
    return this.known === "it" ? "it" : "en";
  }

  /** A person's choice; kept on this device. */
  async choose(language: Known): Promise<void> {
    store("language", language);
    await this.#change(language);
  }

  /** For the gallery: shown, not kept. */
  async show(language: string): Promise<void> {
    const known = KNOWN.find((one) => one === language);
    if (known !== undefined) await this.#change(known);
  }

  /** Blue's language for this person, unless they chose one here. */
  async follow(locale: string | null): Promise<void> {
    if (!this.#chosen && locale !== null) await this.#change(preferred(locale));
  }

  async #change(language: Known): Promise<void> {
    await Promise.all([...used].map((texts) => texts.load(language)));
    this.known = language;
    this.#tell();
  }

  #tell(): void {
    document.documentElement.lang = this.language;
    around.language = this.language;
  }
}

function preferred(locale: string): Language {
  return locale.toLowerCase().startsWith("it") ? "it" : "en";
}

export const speech = new Speech();
