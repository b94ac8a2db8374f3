// A page that is watched: errors, warnings of the console and requests to elsewhere are kept; and whether all can use it.

import assert from "node:assert/strict";

import { AxeBuilder } from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

/** A page in a context of its own. What matches `allow` is no complaint: Chromium reports every refusal of the API. */
export async function watched(browser, url, { width = 1280, height = 900, colorScheme = "light", locale = "en-GB", allow } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale });
  const page = await context.newPage();
  const errors = [];
  const complain = (text) => allow?.test(text) || errors.push(text);
  page.setDefaultTimeout(10_000);
  page.on("pageerror", (error) => complain(error.message));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complain(message.text()));
  page.on("request", (request) => request.url().startsWith(url) || complain(`asked ${request.url()}`));
  return { page, errors, close: () => context.close() };
}

/** Nothing is sideways, and axe has nothing to say. */
export async function accessible(page, name) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${name}: ${overflow} px too wide`);
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const told = violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`)]);
  assert.deepEqual(told, [], name);
}
