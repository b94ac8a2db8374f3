// Takes the pictures. A state is loaded once for each language; themes and widths are then changed in front of it, as a
// person would who turns a tablet.

import { join } from "node:path";

import { HEIGHTS, LOCALES, Visits } from "./visits.js";

export const LANGUAGES = Object.keys(LOCALES);

const WIDTHS = Object.keys(HEIGHTS).map(Number).toReversed();

/** The width between is looked at in the light: what changes there does so in both themes. */
const themes = (width) => (width === 768 ? ["light"] : ["light", "dark"]);

/** Takes pictures in one language. */
export class Camera {
  taken = [];
  missed = [];

  constructor(browser, here, folder, language) {
    this.visits = new Visits(browser, here, language);
    Object.assign(this, { folder, language });
  }

  async take(state) {
    // What was placed beside something by script stands there for one width.
    const loads = state.afresh ? WIDTHS.map((width) => [width]) : [WIDTHS];
    for (const widths of loads) await this.#try(state, widths);
  }

  async #try(state, widths) {
    try {
      await this.visits.to(state, widths[0], async (page) => {
        for (const width of widths) await this.#shoot(page, state, width);
      });
    } catch (error) {
      this.missed.push({ name: `${state.screen}-${state.state}-${widths}-${this.language}`, why: error.message.split("\n")[0] });
    }
  }

  async #shoot(page, { screen, state, whole = false }, width) {
    await page.setViewportSize({ width, height: HEIGHTS[width] });
    for (const colorScheme of themes(width)) {
      await page.emulateMedia({ colorScheme });
      await settled(page);
      const name = `${screen}-${state}-${width}-${colorScheme}-${this.language}`;
      await page.screenshot({ path: join(this.folder, `${name}.png`), fullPage: whole, animations: "disabled" });
      this.taken.push(name);
    }
  }
}

/** Fonts are there, and what was drawn is on the screen. */
async function settled(page) {
  await page.evaluate(() => document.fonts.ready.then(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))));
}
