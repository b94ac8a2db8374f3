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

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
}

/** Opens the page; collects what goes wrong in it. `signIn` is a link that signs a person in first. */
export async function open(browser, url, { width = 1280, height = 900, locale = "en-GB", signIn, ...more } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme: "light", ...more });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && errors.push(message.text()));
  page.on("request", (request) => request.url().startsWith(new URL(url).origin) || errors.push(`asked ${request.url()}`));
  if (signIn !== undefined) await follow(page, signIn);
  await page.goto(url);
  await page.locator("h1").first().waitFor();
  return { page, errors, context, close: () => context.close() };
}

/** Signs in by a link: its page says who will be signed in, the button does it. */
export async function follow(page, link) {
  await page.goto(link);
  const button = page.locator("main form button, form button").first();
  await button.click();
  await page.locator("main h1").waitFor();
}
