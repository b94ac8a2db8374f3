// What holds for every screen.

import assert from "node:assert/strict";

import { AxeBuilder } from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** WCAG 2.2 AA, as far as a program can tell, also of a dialog that is open. */
export async function accessible(page, name) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], name);
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

/** Presses Tab until something has the focus. */
export async function tabTo(page, name, most = 60) {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (now === name || (name instanceof RegExp && name.test(now))) return;
  }
  assert.fail(`${name} is not reached by ${most} tabs`);
}
