// A real browser that reaches nothing but the program.

import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const PATIENCE_MS = 10_000;

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
}

/**
 * Opens the page; collects what goes wrong in it (see `watch`). `signIn` is a link that signs a person in first.
 */
export async function open(browser, url, { width = 1280, height = 900, locale = "en-GB", signIn, allow, ...more } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme: "light", ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const errors = watch(page, url, allow);
  if (signIn !== undefined) await follow(page, signIn);
  if (page.url() !== url) await page.goto(url);
  await page.locator("h1").first().waitFor();
  return { page, errors, context, close: () => context.close() };
}

/**
 * Collects what goes wrong in a page: errors, the console's warnings, requests to elsewhere. What matches `allow` is none:
 * Chromium reports every refusal of the API.
 */
export function watch(page, url, allow) {
  const errors = [];
  const complain = (text) => allow?.test(text) || errors.push(text);
  const home = new URL(url).origin;
  page.on("pageerror", (error) => complain(error.message));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complain(message.text()));
  page.on("request", (request) => request.url().startsWith(home) || complain(`asked ${request.url()}`));
  return errors;
}

/** Signs in by a link: its page says who will be signed in, the button does it. */
export async function follow(page, link) {
  await page.goto(link);
  await page.locator("form button").first().click();
  await page.locator("#content h1").waitFor();
}
