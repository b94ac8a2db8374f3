// Visits to the states in one language: each person signed in once, each state on a page of its own, watched for what goes
// wrong in it.

import { open, watch } from "../browser.js";
import { relayed } from "./relay.js";

export const HEIGHTS = { 1280: 720, 768: 900, 360: 640 };
export const LOCALES = { en: "en-GB", it: "it-IT" };
const PATIENCE_MS = 10_000;

export class Visits {
  #contexts = new Map();

  constructor(browser, here, language) {
    Object.assign(this, { browser, here, language });
  }

  /** Opens a state, does what belongs to it, lets `look` look at it, and tidies up. */
  async to(state, width, look) {
    const context = await this.#context(state);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    try {
      const errors = watch(page, this.here[state.company].url, state.allow);
      await this.#load(page, state, width);
      await look(page, errors);
      await state.after?.(new URL(page.url()).pathname);
    } finally {
      await page.close();
      if (state.ends) await this.#forget(state);
    }
  }

  async #load(page, { path, before, act, company }, width) {
    const acme = this.here[company];
    await page.setViewportSize({ width, height: HEIGHTS[width] });
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await relayed(page, acme, this.language);
    await before?.(page);
    await page.goto(new URL(typeof path === "function" ? await path() : path, acme.url).href);
    await page.locator("h1, main [aria-hidden]").first().waitFor({ state: "attached" });
    await act?.(page);
  }

  /** Everything of one person in one company; signed in once. */
  #context({ user, company }) {
    const key = `${company} ${user}`;
    if (!this.#contexts.has(key)) this.#contexts.set(key, this.#begin(user, this.here[company]));
    return this.#contexts.get(key);
  }

  async #begin(user, acme) {
    const signIn = user === null ? undefined : await acme.link(user, "/account");
    const options = { locale: LOCALES[this.language], signIn };
    const { page, context } = await open(this.browser, `${acme.url}/${user === null ? "docs" : "account"}`, options);
    await page.evaluate((chosen) => localStorage.setItem("language", chosen), this.language);
    await page.close();
    return context;
  }

  /** A state that ended the session: the next one begins with another. */
  async #forget({ user, company }) {
    const key = `${company} ${user}`;
    await (await this.#contexts.get(key))?.close();
    this.#contexts.delete(key);
  }
}
