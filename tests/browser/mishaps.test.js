// What was typed into a form outlives what goes wrong around it: an answer that is lost, a server that is away, a session
// that ends, a webhook of somebody else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { follow } from "./browser.js";
import { stage } from "./stage.js";

const here = stage({ receivers: { there: 204 } });

const button = (page, name) => page.getByRole("button", { name, exact: true });

/** A new webhook, all but created. */
async function filled(name) {
  const { page, close } = await here.open("/webhooks/new");
  await page.locator("#preview-event").waitFor();
  await page.locator("#form-name").fill(name);
  await page.locator("#form-url").fill(here.there.url);
  await page.locator("[data-event=TODO_CREATED]").check();
  await page.locator(".verdict.wide[data-code=READY]").waitFor();
  return { page, close };
}

const named = async (name) => (await here.acme.call("GET", "/v1/webhooks?companyId=acme")).items.filter((each) => each.name === name);

test("an answer that is lost makes nothing twice, and says that the secret has to be replaced", async () => {
  const { page, close } = await filled("Lost answer");
  await page.route("**/v1/webhooks", async (route) => {
    await route.fetch();
    await route.abort();
    await page.unroute("**/v1/webhooks");
  });
  await button(page, "Create webhook").click();
  await page.getByText("The server does not answer. What you typed stays here.").waitFor();
  await button(page, "Create webhook").click({ trial: false });
  const dialog = page.getByRole("dialog");
  await dialog.getByText("It was created already").waitFor({ timeout: 40_000 });
  assert.equal((await named("Lost answer")).length, 1);
  await dialog.getByRole("button", { name: "Go to the secret" }).click();
  await page.waitForURL(/\/secret$/);
  await close();
});

test("a server that is away loses nothing", async () => {
  const { page, close } = await filled("Patient");
  await page.context().setOffline(true);
  await button(page, "Create webhook").click();
  await page.getByText("The server does not answer. What you typed stays here.").waitFor();
  assert.equal(await page.locator("#form-name").inputValue(), "Patient");
  await page.context().setOffline(false);
  await page.getByText(/has not answered since/).waitFor({ state: "detached", timeout: 40_000 });
  await page.getByText("Not saved yet").waitFor();
  await button(page, "Create webhook").click();
  await page.getByRole("dialog").getByText("I have stored it").waitFor();
  assert.equal((await named("Patient")).length, 1);
  await close();
});

test("a session that ends leaves the form as it is, and it goes on with the next one", async () => {
  const { page, close } = await filled("Long story");
  await page.context().clearCookies();
  await button(page, "Create webhook").click();
  await page.getByRole("dialog").getByText("Your session has ended").waitFor();
  const other = await page.context().newPage();
  await follow(other, await here.acme.link());
  await other.close();
  await page.getByRole("dialog").getByRole("button", { name: "I have signed in again" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await page.locator("#form-name").inputValue(), "Long story");
  await button(page, "Create webhook").click();
  await page.getByRole("dialog").getByText("I have stored it").waitFor();
  await close();
});

test("closing the tab asks when something would be lost, and only then", async () => {
  const { page, close } = await filled("Half");
  const asked = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await page.close({ runBeforeUnload: true });
  await page.locator("#form-name").waitFor();
  assert.deepEqual(asked, ["beforeunload"]);
  await close();
});

test("the core comes with the form, never with the list", async () => {
  const { page, close } = await here.open("/docs", { user: null });
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await follow(page, await here.acme.link());
  const link = page.locator("main a[href='/webhooks/new']").first();
  await link.waitFor();
  const isCore = (url) => /\/assets\/(preview|core)-(?!pane)[^/]*\.js$/.test(url);
  assert.deepEqual(asked.filter(isCore), []);
  await Promise.all([page.waitForResponse((response) => isCore(response.url())), link.hover()]);
  await close();
});
