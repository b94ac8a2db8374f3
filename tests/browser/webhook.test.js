// A webhook's page: what needs a person, a test and its answer, copying, handing over, deleting.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Webhook } from "bluehook";

import { accessible, tabTo } from "./checks.js";
import { stage } from "./stage.js";
import { until } from "./world.js";

const here = stage({ receivers: { target: [200, '{"ok":true}'] } });

const make = (name, fields = {}) => here.acme.webhook({ name, url: here.target.url, ...fields });
const page = (path, options = {}) => here.open(path, options);

test("a test arrives signed, its answer is shown whole, and an edited sample is what is sent", async () => {
  const { id, secret } = await make("Tested");
  const { page: tab, errors, close } = await page(`/webhooks/${id}/test`);
  const before = here.target.got.length;
  await tab.getByLabel("Sample").fill('{"previousValue":null,"currentValue":{"id":"t1","title":"Mine","price":1.50}}');
  await tab.getByRole("button", { name: "Send test" }).click();
  await tab.getByRole("heading", { name: /Accepted: 200/ }).waitFor();
  const got = here.target.got[before];
  assert.match(got.body.toString(), /"price":1\.50/);
  assert.equal(new Webhook(secret).verify(got.body, got.headers).currentValue.title, "Mine");
  await tab.getByText('"ok"').waitFor();
  await tab.getByRole("tab", { name: "Its headers", exact: true }).click();
  await tab.getByText("application/json").first().waitFor();
  await accessible(tab, "test, answered");
  assert.deepEqual(errors, []);
  await close();
});

test("a refusal comes with advice, and what is no JSON is not sent", async () => {
  const { id } = await make("Refused");
  const { page: tab, errors, close } = await page(`/webhooks/${id}/test`);
  here.target.answer.status = 401;
  await tab.getByRole("button", { name: "Send test" }).click();
  await tab.getByRole("heading", { name: /Not accepted: 401/ }).waitFor();
  await tab.getByText(/secret/).first().waitFor();
  here.target.answer.status = 200;
  await tab.getByLabel("Sample").fill('{"currentValue": {');
  await tab.getByText("This is not JSON yet.").waitFor();
  assert.equal(await tab.getByRole("button", { name: "Send test" }).getAttribute("aria-disabled"), "true");
  await tab.getByRole("button", { name: "Back to the sample" }).click();
  await tab.getByRole("button", { name: "Send test" }).click();
  await tab.getByRole("heading", { name: /Accepted: 200/ }).waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("off by a fault: the cause, the cure and the button, and what is held", async () => {
  const { id } = await make("Broken", { events: ["TAG_CREATED"] });
  here.target.answer.status = 410;
  await here.acme.happen("TAG_CREATED");
  await until("off", async () => !(await here.acme.call("GET", `/v1/webhooks/${id}`)).enabled);
  await here.acme.happen("TAG_CREATED");
  const { page: tab, errors, close } = await page(`/webhooks/${id}/test`);
  const trouble = tab.getByRole("region", { name: /^Switched off/ });
  await trouble.waitFor();
  assert.match(await trouble.textContent(), /1 held/);
  await accessible(tab, "off");
  here.target.answer.status = 503;
  await trouble.getByRole("button", { name: "Switch on" }).click();
  await trouble.getByText(/Still off: the check was answered with 503/).waitFor();
  await trouble.getByRole("button", { name: "Show the last answer" }).click();
  await tab.getByRole("dialog", { name: "The last answer" }).waitFor();
  await tab.keyboard.press("Escape");
  here.target.answer.status = 200;
  await trouble.getByRole("button", { name: "Switch on" }).click();
  await trouble.waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
  await close();
});

test("deleting names it, counts what is lost, and needs its name; by keyboard alone", async () => {
  const { id } = await make("Short lived");
  const { page: tab, errors, close } = await page(`/webhooks/${id}/test`);
  await tabTo(tab, "More");
  await tab.keyboard.press("ArrowUp");
  await tab.keyboard.press("Enter");
  await tab.getByRole("dialog", { name: "Delete “Short lived”?" }).waitFor();
  await accessible(tab, "delete");
  await tab.keyboard.type("Something else");
  await tab.keyboard.press("Enter");
  await tab.getByText("This is not its name.").waitFor();
  await tab.keyboard.press("Control+A");
  await tab.keyboard.type("Short lived");
  await tab.keyboard.press("Enter");
  await tab.getByText("Short lived is deleted.").first().waitFor();
  assert.equal(new URL(tab.url()).pathname, "/webhooks");
  await assert.rejects(here.acme.call("GET", `/v1/webhooks/${id}`), /404/);
  assert.deepEqual(errors, []);
  await close();
});

test("handing over: who may take it, who not and why; then it is theirs", async () => {
  const { id } = await make("Integration");
  const { page: tab, errors, close } = await page(`/webhooks/${id}/test`);
  await tab.getByRole("button", { name: "More" }).click();
  await tab.getByRole("menuitem", { name: "Hand over…" }).click();
  const dialog = tab.getByRole("dialog");
  assert.ok(await dialog.getByRole("radio", { name: "Mia Member" }).isDisabled());
  await dialog.getByText("administers no project").waitFor();
  await accessible(tab, "hand over");
  await dialog.getByRole("radio", { name: "Ben Okafor" }).check();
  await dialog.getByRole("button", { name: "Hand over" }).click();
  await tab.getByText("Integration belongs to Ben Okafor now.").first().waitFor();
  await tab.getByText("This webhook belongs to Ben Okafor.").waitFor();
  assert.equal((await here.acme.call("GET", `/v1/webhooks/${id}`)).createdById, "ben");
  assert.deepEqual(errors, []);
  await close();
});

test("a copy begins with what this one has", async () => {
  const { id } = await make("Original");
  const { page: tab, errors, close } = await page(`/webhooks/${id}/test`);
  await tab.getByRole("button", { name: "More" }).click();
  await tab.getByRole("menuitem", { name: "Make a copy" }).click();
  await tab.getByRole("heading", { level: 1, name: "New webhook" }).waitFor();
  assert.equal(new URL(tab.url()).search, `?from=${id}`);
  await until("the URL", async () => (await tab.getByLabel("URL").inputValue()) === here.target.url);
  assert.deepEqual(errors, []);
  await close();
});

test("what is not there is said to be nobody's, with a way home", async () => {
  const { page: tab, close } = await page("/webhooks");
  await tab.goto(`${here.acme.url}/webhooks/clb4qaopy0000vt24mlp28v03/test`);
  await tab.getByText("There is no such webhook, or it is not yours.").waitFor();
  await tab.getByRole("link", { name: "Go to your webhooks" }).click();
  await tab.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  await close();
});

for (const [locale, colorScheme] of [["en-GB", "dark"], ["it-IT", "light"]]) {
  test(`readable by everyone: ${locale}, ${colorScheme}`, async () => {
    const { id } = await make("A webhook whose name is so long that it needs more than one line on a narrow screen");
    for (const width of [1280, 320]) {
      const { page: tab, errors, close } = await page(`/webhooks/${id}/test`, { locale, colorScheme, width });
      await tab.locator("#sample").waitFor();
      await accessible(tab, `test ${width}`);
      assert.deepEqual(errors, []);
      await close();
    }
  });
}
