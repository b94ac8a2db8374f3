// Every component in every state: both themes and languages, a longer language, narrow, zoomed, spaced, forced colours.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, fits, whole } from "./checks.js";
import { stage } from "./stage.js";

const here = stage();

async function gallery(query, options, check) {
  const { page, errors, close } = await here.open(`/gallery${query}`, { user: null, ...options });
  await check(page);
  // Nobody is signed in, which Chromium reports.
  assert.deepEqual(errors.filter((error) => !/status of 401/.test(error)), []);
  await close();
}

for (const theme of ["light", "dark"]) {
  for (const language of ["en", "it", "pseudo"]) {
    test(`${theme}, ${language}: accessible, whole, nothing sideways`, () =>
      gallery(`?theme=${theme}&language=${language}`, { width: language === "pseudo" ? 320 : 1280 }, async (page) => {
        await page.locator(`html[data-theme=${theme}]`).waitFor();
        if (language === "pseudo") await page.getByRole("heading", { level: 1, name: /~/ }).waitFor();
        await fits(page, "gallery");
        await whole(page, "gallery");
        await accessible(page, "gallery");
      }));
  }
}

test("400 % zoom, and texts spaced as WCAG 1.4.12 has it", () =>
  gallery("", { width: 320, height: 180 }, async (page) => {
    await fits(page, "zoomed");
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }");
      document.adoptedStyleSheets = [sheet];
    });
    await fits(page, "spaced");
    assert.notEqual(await page.locator("header").first().evaluate((bar) => getComputedStyle(bar).position), "sticky");
  }));

test("forced colours keep every state: signs stay, the chosen one has an edge of its own", () =>
  gallery("", { forcedColors: "active" }, async (page) => {
    const signs = await page.locator("[data-status] svg path").evaluateAll((paths) => new Set(paths.map((path) => path.getAttribute("d"))).size);
    assert.equal(signs, 11);
    const edges = await page.locator("[data-status=FAILED], [data-status=FAILING]").evaluateAll((pills) => pills.map((pill) => getComputedStyle(pill).borderTopWidth));
    assert.deepEqual(edges, ["1px", "1px"]);
    const [on, off] = await page.getByRole("switch").evaluateAll((switches) => switches.slice(0, 2).map((one) => getComputedStyle(one).backgroundColor));
    assert.notEqual(on, off);
  }));

test("nothing moves for those who asked for that", () =>
  gallery("", { reducedMotion: "reduce" }, async (page) => {
    const moving = await page.evaluate(() => document.getAnimations().filter((animation) => animation.playState === "running").length);
    assert.equal(moving, 0);
  }));

test("a dialog takes the focus and gives it back, a menu moves by arrows", () =>
  gallery("", {}, async (page) => {
    const opener = page.getByRole("button", { name: "Open the dialog" });
    await opener.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Delete webhook" }).waitFor();
    await accessible(page, "dialog");
    await page.keyboard.press("Escape");
    assert.ok(await opener.evaluate((element) => element === document.activeElement));
    const menu = page.locator("main").getByRole("button", { name: "More", exact: true }).nth(1);
    await menu.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("d");
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Delete webhook");
    await page.keyboard.press("Escape");
    assert.ok(await menu.evaluate((element) => element === document.activeElement));
  }));

test("copying works, and where it does not, the text is there to be copied by hand", () =>
  gallery("", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    const copy = page.locator("main").getByRole("button", { name: "Copy", exact: true }).first();
    await copy.click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.execCommand = () => false;
    });
    await copy.click({ timeout: 5000 });
    await page.getByRole("dialog", { name: "Copy it by hand" }).waitFor();
    assert.equal(await page.evaluate(() => getSelection().toString() || document.activeElement.value), "Components");
  }));
