// The list: what is broken comes first and says why, a switch tells what its check met, filters are the address.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, focused } from "./checks.js";
import { stage } from "./stage.js";
import { until } from "./world.js";

const here = stage({ receivers: { good: 204, bad: 503 }, seed });

async function seed({ acme, good, bad }) {
  await acme.webhook({ name: "CRM sync", url: good.url, events: ["TODO_CREATED"], projectIds: ["launch"] });
  await acme.webhook({ name: "Archive", url: good.url, events: ["TAG_CREATED"] });
  await acme.webhook({ name: "Support desk", url: bad.url, events: ["TODO_CREATED"] });
  await acme.webhook({ name: "Ben's billing", url: good.url, createdById: "ben" });
  for (let happened = 0; happened < 6; happened += 1) await acme.happen();
  await until("six deliveries", () => bad.got.length >= 6 && good.got.length >= 12);
}

const list = (path = "/webhooks", options = {}) => here.open(path, options);
const names = (page) => page.locator("tbody [data-row-link]").allTextContents();
const row = (page, name) => page.locator("tbody tr", { hasText: name });

test("what fails comes first, with its cause; the others by name", async () => {
  const { page, errors, close } = await list();
  await row(page, "Support desk").waitFor();
  assert.deepEqual(await names(page), ["Support desk", "Archive", "CRM sync"]);
  assert.equal(await row(page, "Support desk").locator("td [data-status]").getAttribute("data-status"), "FAILING");
  assert.match(await row(page, "Support desk").textContent(), /503/);
  assert.match(await row(page, "CRM sync").textContent(), /1 event · 1 project/);
  assert.match(await row(page, "CRM sync").textContent(), /100%/);
  assert.equal(await row(page, "CRM sync").getByRole("img").getAttribute("aria-label"), "6 delivered, 0 failed in 24 hours");
  assert.match(await row(page, "Archive").textContent(), /No deliveries yet/);
  assert.deepEqual(errors, []);
  await close();
});

test("a switch takes effect at once, and goes back when its check is refused, saying what it met", async () => {
  const { page, errors, close } = await list();
  const off = row(page, "Archive").getByRole("switch");
  await off.click();
  await row(page, "Archive").getByText("by you").filter({ visible: true }).first().waitFor();
  await off.click();
  await row(page, "Archive").locator("td [data-status=NEW]").waitFor();
  here.good.answer.status = 503;
  await off.click();
  await row(page, "Archive").locator("td [data-status=OFF]").waitFor();
  await off.click();
  await row(page, "Archive").getByText(/Still off: the check was answered with 503/).last().waitFor();
  assert.equal(await off.isChecked(), false);
  assert.equal(await focused(page), "Archive: on");
  here.good.answer.status = 204;
  await off.click();
  await row(page, "Archive").locator("td [data-status=NEW]").waitFor();
  assert.deepEqual(await names(page), ["Support desk", "Archive", "CRM sync"]);
  assert.deepEqual(errors, []);
  await close();
});

test("search and health are the address, and nothing else", async () => {
  const { page, errors, close } = await list("/webhooks?health=FAILING");
  await row(page, "Support desk").waitFor();
  assert.deepEqual(await names(page), ["Support desk"]);
  await page.getByRole("button", { name: "Health: 1" }).click();
  await page.getByRole("checkbox", { name: "Working" }).check();
  await row(page, "CRM sync").waitFor();
  assert.equal(new URL(page.url()).search, "?health=FAILING,WORKING");
  await page.keyboard.press("Escape");
  await page.getByRole("searchbox").fill("nothing has this");
  await page.getByText("No webhook matches").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await row(page, "Archive").waitFor();
  assert.equal(new URL(page.url()).search, "");
  assert.deepEqual(errors, []);
  await close();
});

test("an administrator sees others' webhooks and switches them off, no more", async () => {
  const { page, errors, close } = await list("/webhooks?scope=company");
  await row(page, "Ben's billing").waitFor();
  assert.match(await row(page, "Ben's billing").textContent(), /by Ben Okafor/);
  await row(page, "Ben's billing").getByRole("link").click();
  await page.getByText("This webhook belongs to Ben Okafor.").waitFor();
  assert.equal(await page.getByRole("link", { name: "Secret" }).count(), 0);
  await page.getByRole("switch").click();
  await page.locator("main [data-status=OFF]").waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("who may not create is told why", async () => {
  const { page, errors, close } = await list("/webhooks", { user: "mia" });
  await page.getByText("You administer no project of Acme.").waitFor();
  assert.equal(await page.getByRole("button", { name: "New webhook" }).getAttribute("aria-disabled"), "true");
  assert.deepEqual(errors, []);
  await close();
});

test("by keyboard alone: rows by j and k, Enter opens, n makes a new one", async () => {
  const { page, errors, close } = await list();
  await row(page, "Archive").waitFor();
  await page.keyboard.press("j");
  assert.equal(await focused(page), "Support desk");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Support desk: on");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  assert.equal(await focused(page), "CRM sync");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "CRM sync" }).waitFor();
  await page.goBack();
  await row(page, "Archive").waitFor();
  await page.keyboard.press("n");
  await page.getByRole("heading", { level: 1, name: "New webhook" }).waitFor();
  assert.deepEqual(errors, []);
  await close();
});

for (const [locale, colorScheme] of [["en-GB", "light"], ["en-GB", "dark"], ["it-IT", "light"], ["it-IT", "dark"]]) {
  test(`readable by everyone: ${locale}, ${colorScheme}`, async () => {
    for (const width of [1280, 320]) {
      const { page, errors, close } = await list("/webhooks?scope=company", { locale, colorScheme, width, reducedMotion: "reduce" });
      await row(page, "Support desk").waitFor();
      await accessible(page, `list ${width}`);
      assert.deepEqual(errors, []);
      await close();
    }
  });
}

test("nothing yet leads on", async () => {
  const { page, errors, close } = await list("/webhooks", { user: "carla", locale: "en-GB" });
  await page.getByRole("heading", { name: "Ancora nessun webhook" }).waitFor();
  await accessible(page, "empty list");
  await page.locator("main section").getByRole("link", { name: "Nuovo webhook" }).click();
  await page.getByRole("heading", { level: 1, name: "Nuovo webhook" }).waitFor();
  assert.deepEqual(errors, []);
  await close();
});
