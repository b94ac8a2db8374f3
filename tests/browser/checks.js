// What holds for every screen.

import assert from "node:assert/strict";

import { AxeBuilder } from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** WCAG 2.2 AA, as far as a program can tell, also of a dialog that is open; and nothing is wider than the window. */
export async function accessible(page, name) {
  await fits(page, name);
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const told = violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`)]);
  assert.deepEqual(told, [], name);
}

/** Nothing is wider than the window. */
export async function fits(page, name) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${name}: ${overflow} px too wide`);
}

/** Every text of a button, link, label or heading is whole, unless it says the rest otherwise. */
export async function whole(page, name) {
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll("main :is(button, h1, h2, h3, label, legend, dt)")]
      .filter((element) => element.checkVisibility() && !element.closest(".unseen"))
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflow !== "visible")
      .map((element) => element.textContent),
  );
  assert.deepEqual(cut, [], `${name}: cut`);
}

/** What has the focus, by its accessible name. */
export const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? (element?.labels?.[0] ?? element)?.textContent?.trim() ?? "";
  });

/** Whether what has the focus is this. */
export const focusIs = (page, selector) =>
  page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, selector);

/** Presses Tab until something has the focus, by its accessible name or a selector that begins with `#`, `.` or `[`. */
export async function tabTo(page, what, most = 60) {
  const isSelector = typeof what === "string" && /^[#.[]/.test(what);
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press("Tab");
    if (isSelector ? await focusIs(page, what) : matches(await focused(page), what)) return;
  }
  assert.fail(`${what} is not reached by ${most} tabs`);
}

function matches(name, what) {
  return typeof what === "string" ? name === what : what.test(name);
}
