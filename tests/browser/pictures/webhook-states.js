// A webhook's page: what needs a person, its test, its secret, and the steps that cannot be undone.

import { dialog, press, state } from "./states.js";

async function menu(page, at) {
  await press(page, "main [aria-haspopup=menu]");
  await page.locator("main [role=menuitem]").nth(at).click();
  await dialog(page);
}

async function test(page) {
  await page.locator("#sample").waitFor();
  await press(page, "form button[type=submit]");
  await page.locator("#result ~ section").first().waitFor();
}

export function webhookStates({ acme, receivers, webhooks }) {
  const at = (part, { id }) => `/webhooks/${id}/${part}`;
  const ready = (page) => page.locator("#sample").waitFor();
  const answered = (name, webhook) => state("test", name, at("test", webhook), { act: test });
  const heading = (page) => page.locator("main h2").first().waitFor();
  const make = async () => at("secret", await acme.webhook({ name: "Secret", url: receivers.good.url, events: ["TODO_CREATED"], createdById: "ben" }));
  const remove = (place) => acme.call("DELETE", `/v1/webhooks/${place.split("/")[2]}`);
  return [
    state("webhook", "failing", at("test", webhooks.desk), { act: ready }),
    state("webhook", "off-by-fault", at("test", webhooks.old), { act: ready }),
    state("webhook", "off-by-me", at("settings", webhooks.zapier), { act: (page) => page.locator("#preview-event").waitFor() }),
    state("webhook", "long-name", at("test", webhooks.long), { act: ready }),
    state("webhook", "others", at("test", webhooks.billing)),
    state("webhook", "missing", "/webhooks/clb4qaopy0000vt24mlp28v03/test", { act: (page) => page.locator("main section").first().waitFor() }),
    state("webhook", "menu", at("test", webhooks.crm), { afresh: true, act: (page) => ready(page).then(() => press(page, "main [aria-haspopup=menu]")) }),
    state("webhook", "delete", at("test", webhooks.old), { act: (page) => menu(page, 2) }),
    state("webhook", "hand-over", at("test", webhooks.crm), {
      act: async (page) => {
        await menu(page, 1);
        await page.locator("dialog input[type=radio]").first().waitFor();
      },
    }),
    state("test", "ready", at("test", webhooks.crm), { act: ready }),
    answered("accepted", webhooks.crm),
    answered("refused", webhooks.strict),
    answered("moved", webhooks.moved),
    answered("too-late", webhooks.slow),
    answered("a-web-page", webhooks.site),
    answered("failing", webhooks.desk),
    answered("nobody-there", webhooks.closed),
    state("test", "accepted-whole", at("test", webhooks.crm), { act: test, whole: true }),
    state("test", "not-json", at("test", webhooks.crm), {
      act: async (page) => {
        await ready(page);
        await page.locator("#sample").fill('{\n  "previousValue": null,\n  "currentValue": {\n');
      },
    }),
    state("secret", "ready", at("secret", webhooks.crm), { act: heading }),
    state("secret", "overlap", at("secret", webhooks.rotating), { act: heading }),
    state("secret", "none", at("secret", webhooks.unsigned), { act: heading }),
    state("secret", "shown", make, {
      user: "ben",
      act: async (page) => {
        await heading(page);
        await press(page, "main .stack button");
        await page.locator("dialog code").first().waitFor();
      },
      after: remove,
    }),
    state("secret", "stop-asked", at("secret", webhooks.crm), {
      act: async (page) => {
        await heading(page);
        await page.locator("main section button").last().click();
        await dialog(page);
      },
    }),
  ];
}
