// What is around every screen: it comes, in both languages and themes, at every width, for someone who is not signed in.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";

import { launch, open } from "./browser.js";
import { serve } from "./program.js";

const TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

let browser;
let program;

before(async () => {
  [program, browser] = await Promise.all([serve(), launch()]);
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

for (const [locale, docs] of [["en-GB", "Docs"], ["it-IT", "Documentazione"]]) {
  for (const [width, colorScheme] of [[1280, "light"], [320, "dark"]]) {
    test(`${locale}, ${width} px, ${colorScheme}: readable by everyone`, async () => {
      const { page, errors, close } = await open(browser, program.url, { locale, width, colorScheme });
      await page.locator("html[lang]").waitFor();
      assert.equal(await page.locator("nav a[href='/docs']").first().textContent(), docs);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} px too wide`);
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
      // Chromium reports that nobody is signed in.
      assert.deepEqual(errors.filter((error) => !/status of 40[14]/.test(error)), []);
      await close();
    });
  }
}
