// The form of a webhook: new, filled, wrong, in conflict, left; and each view of its preview.

import { away, dialog, press, state } from "./states.js";

const SUMMARIES = ".sections summary";

/** Waits for the core and the server's check. */
const ready = (page) => page.locator("#preview-event").waitFor().then(() => page.locator("#preview [role=tab]").first().waitFor());
const checked = async (page) => {
  await ready(page);
  await page.locator("#form-url-found .line").first().waitFor();
};
const verdict = (page, code) => page.locator(`.verdict[data-code=${code}]`).first().waitFor({ state: "attached" });

async function filled(page, url) {
  await ready(page);
  await page.locator("#form-name").fill("CRM sync");
  await page.locator("#form-url").fill(url);
  await page.locator("[data-event=TODO_CREATED]").check();
  await page.locator("#form-url").focus();
  await page.locator("#form-name").focus();
  await page.locator("#form-url-found .line").first().waitFor();
}

async function section(page, at) {
  const summary = page.locator(SUMMARIES).nth(at);
  await summary.click();
  await summary.scrollIntoViewIfNeeded();
}

const tab = (at) => async (page) => {
  await checked(page);
  await page.locator("#preview [role=tab]").nth(at).click();
  await page.locator("#preview").scrollIntoViewIfNeeded();
};

export function formStates(here) {
  const { acme, receivers, webhooks } = here;
  const settings = ({ id }) => `/webhooks/${id}/settings`;
  const make = () => acme.webhook({ name: "Conflict", url: receivers.good.url, events: ["TODO_CREATED"], createdById: "ben" });
  const remove = (place) => acme.call("DELETE", `/v1/webhooks/${place.split("/")[2]}`);
  return [
    ...created(here),
    state("form", "settings", settings(webhooks.crm), { act: checked }),
    state("form", "settings-whole", settings(webhooks.warehouse), { act: checked, whole: true }),
    state("form", "changed", settings(webhooks.crm), {
      act: async (page) => {
        await checked(page);
        await page.locator("#form-name").fill("CRM and billing");
      },
    }),
    state("form", "body-exact", settings(webhooks.crm), {
      act: async (page) => {
        await checked(page);
        await page.locator("#preview [role=radio], #preview input[type=radio]").nth(1).check({ force: true });
        await page.locator("#preview").scrollIntoViewIfNeeded();
      },
    }),
    state("form", "headers", settings(webhooks.crm), { act: tab(1) }),
    state("form", "curl", settings(webhooks.crm), { act: tab(2) }),
    state("form", "node", settings(webhooks.crm), { act: tab(3) }),
    state("form", "conflict", async () => settings(await make()), {
      user: "ben",
      act: async (page) => {
        await checked(page);
        await page.locator("#form-name").fill("CRM and billing");
        await page.locator("[data-event=TODO_MOVED]").check();
        const id = new URL(page.url()).pathname.split("/")[2];
        await acme.call("PATCH", `/v1/webhooks/${id}`, { name: "CRM, new instance", events: ["TODO_CREATED", "TODO_DELETED"], description: "Moved" });
        await page.keyboard.press("Control+Enter");
        await dialog(page);
      },
      after: remove,
    }),
    state("form", "leave", settings(webhooks.crm), {
      act: async (page) => {
        await checked(page);
        await page.locator("#form-name").fill("CRM and billing");
        await page.locator("header nav a[href='/webhooks']").first().evaluate((link) => link.click());
        await dialog(page);
      },
    }),
    state("form", "format-asked", settings(webhooks.crm), {
      act: async (page) => {
        await checked(page);
        await page.locator("#form-format input").nth(1).check();
        await page.locator("#form-name").press("Control+Enter");
        await dialog(page);
      },
    }),
    state("form", "format-warned", settings(webhooks.crm), {
      act: async (page) => {
        await checked(page);
        await page.locator("#form-format input").nth(1).check();
        await page.locator("#form-format").scrollIntoViewIfNeeded();
      },
    }),
    state("form", "not-mine", settings(webhooks.billing)),
    state("form", "loading", settings(webhooks.crm), { before: (page) => page.route(/\/v1\/webhooks\//, () => new Promise(() => {})), act: (page) => page.locator("main [aria-hidden]").first().waitFor() }),
  ];
}

/** A webhook that is being made. */
function created({ acme, receivers }) {
  const NEW = "/webhooks/new";
  const make = (name, act, more = {}) => state("form", name, NEW, { act, ...more });
  const url = receivers.good.url;
  return [
    make("new", ready),
    make("new-whole", ready, { whole: true }),
    make("filled", (page) => filled(page, url).then(() => verdict(page, "READY"))),
    make("missing", async (page) => {
      await ready(page);
      await page.keyboard.press("Tab");
      await page.locator("#form-name").press("Control+Enter");
      await page.locator("#form-url-problem").waitFor();
    }),
    make("url-bad", (page) => filled(page, "http://10.0.0.1/hooks")),
    make("url-steps", async (page) => {
      await filled(page, "http://127.0.0.1:9/hooks");
      await press(page, "#form-url-found summary, #form-url-found [aria-expanded]");
    }),
    make("url-zapier", (page) => filled(page, "https://hooks.zapier.com/hooks/catch/1/2")),
    make("events-searched", async (page) => {
      await ready(page);
      await page.locator("#form-events input[type=search], #form-events input:not([type])").first().fill("title");
    }),
    make("all-events", async (page) => {
      await filled(page, url);
      await page.locator("#form-events input[type=radio]").nth(1).check();
    }),
    make("projects-searched", async (page) => {
      await ready(page);
      await page.locator("form fieldset fieldset:not([id]) input[type=radio]").nth(1).check();
      await page.locator("#form-projects").fill("l");
      await page.locator("#form-projects").scrollIntoViewIfNeeded();
    }, { afresh: true }),
    make("filter-wrong", async (page) => {
      await filled(page, url);
      await section(page, 0);
      await page.locator("#form-filter").fill('{\n  "currentValue": {\n    "title": {"$startWith": "Bug"},\n    "done": {"$gt": null}\n  }\n}');
      await page.locator("#form-filter").blur();
      await page.locator("#form-filter").scrollIntoViewIfNeeded();
    }),
    make("filter-no-match", async (page) => {
      await filled(page, url);
      await section(page, 0);
      await page.locator("#form-filter").fill('{"currentValue": {"done": true}}');
      await verdict(page, "NO_MATCH");
    }),
    make("secret-own", async (page) => {
      await filled(page, url);
      await section(page, 1);
      await page.locator("details[open] input[type=radio]").nth(1).check({ force: true });
      await page.locator("#form-secret").fill("short");
      await page.locator("#form-secret").blur();
    }),
    make("more-open", async (page) => {
      await filled(page, url);
      await section(page, 2);
      await page.locator("#form-rate").scrollIntoViewIfNeeded();
    }),
    make("event-open", async (page) => {
      await ready(page);
      await page.locator("#preview-event").click();
      await page.locator("#preview-event").fill("comm");
    }, { afresh: true }),
    make("refused", async (page) => {
      await filled(page, url);
      await page.route(/\/v1\/webhooks$/, (route) =>
        route.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify({ status: 403, code: "PLAN_LIMIT_REACHED", title: "", detail: "100 of 100 webhooks are on.", params: { limit: 100, used: 100, counts: "ON" } }) }),
      );
      await page.locator("#form-name").press("Control+Enter");
      await page.locator(".what section").first().waitFor();
    }),
    make("server-away", async (page) => {
      await filled(page, url);
      await away(page);
      await page.locator("#form-name").press("Control+Enter");
      await page.locator("div[role=status] button").first().waitFor();
    }),
    make("session-over", async (page) => {
      await filled(page, url);
      await page.context().clearCookies();
      await page.locator("#form-name").press("Control+Enter");
      await dialog(page);
    }, { ends: true }),
    make("secret-shown", async (page) => {
      await filled(page, url);
      await page.locator("#form-name").press("Control+Enter");
      await dialog(page);
    }, { user: "ben", after: () => clean(acme) }),
    state("form", "limit", NEW, { company: "full" }),
    state("form", "may-not", NEW, { user: "mia" }),
  ];
}

/** Takes away what the picture made. */
async function clean(acme) {
  const { items } = await acme.call("GET", "/v1/webhooks?companyId=acme&q=CRM");
  const made = items.filter(({ createdById }) => createdById === "ben");
  for (const { id } of made) await acme.call("DELETE", `/v1/webhooks/${id}`);
}
