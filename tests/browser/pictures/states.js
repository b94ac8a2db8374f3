// What is pictured: every screen in each of its states. Nothing here names a text, because each is pictured in two languages.

import { formStates } from "./form-states.js";
import { aroundStates } from "./around-states.js";
import { webhookStates } from "./webhook-states.js";

/** All of them; `here` is what was sown. */
export function states(here) {
  return [...listStates(), ...formStates(here), ...webhookStates(here), ...aroundStates(here)];
}

/** One: who looks, where, and what is done before the picture; `allow` is what Chromium may report meanwhile. */
export function state(screen, name, path, { user = "ada", company = "acme", ...more } = {}) {
  return { screen, state: name, path, user, company, ...more };
}

export const press = (page, selector) => page.locator(selector).first().click();
export const dialog = (page) => page.locator("dialog[open]").waitFor();

/** The server is away from now on. */
export async function away(page) {
  await page.route(/\/(v1|readyz)/, (route) => route.abort());
}

const never = (page, what) => page.route(what, () => new Promise(() => {}));

function listStates() {
  const search = (page, words) => page.locator("[data-search]").fill(words);
  return [
    state("list", "ready", "/webhooks", { act: (page) => page.locator("tbody tr").first().waitFor() }),
    state("list", "whole", "/webhooks", { whole: true, act: (page) => page.locator("tbody tr").first().waitFor() }),
    state("list", "company", "/webhooks?scope=company", { act: (page) => page.locator("tbody tr").first().waitFor() }),
    state("list", "filter-open", "/webhooks?health=FAILING,OFF", { afresh: true, act: (page) => press(page, "main [popovertarget]") }),
    state("list", "no-match", "/webhooks?q=nothing", { act: (page) => page.locator("main section h2").waitFor() }),
    state("list", "empty", "/webhooks", { user: "carla", act: (page) => page.locator("main section h2").waitFor() }),
    state("list", "may-not", "/webhooks", { user: "mia" }),
    state("list", "limit", "/webhooks", { company: "full", act: (page) => page.locator("#why-not").waitFor() }),
    state("list", "loading", "/webhooks", { before: (page) => never(page, /\/v1\/webhooks/), act: (page) => page.locator("main [aria-hidden]").first().waitFor() }),
    state("list", "unread", "/webhooks", {
      before: (page) => page.route(/\/v1\/webhooks/, (route) => route.fulfill({ status: 500, contentType: "application/problem+json", body: PROBLEM })),
      act: (page) => page.locator("main section[role=status]").waitFor(),
    }),
    state("list", "away", "/webhooks", {
      act: async (page) => {
        await page.locator("tbody tr").first().waitFor();
        await away(page);
        await search(page, "crm");
        await page.locator("div[role=status] button").waitFor();
      },
    }),
    state("list", "still-off", "/webhooks?q=ERP", {
      act: async (page) => {
        await press(page, "tbody [role=switch]");
        await page.locator("tbody .met:not(:empty)").last().waitFor({ state: "attached" });
      },
    }),
  ];
}

const PROBLEM = JSON.stringify({ status: 500, requestId: "req_01hzy4q8n3c7" });
