// Every flow by keyboard alone: nothing here is clicked. What is typed goes to whatever has the focus.

import assert from "node:assert/strict";
import { test } from "node:test";

import { focusIs, focused, tabTo } from "./checks.js";
import { stage } from "./stage.js";
import { until } from "./world.js";

const here = stage({ receivers: { target: [200, '{"ok":true}'] } });

/** A page whose mouse is not used; `press` takes keys one after the other. */
async function keyboard(path, options) {
  const { page, errors, close } = await here.open(path, options);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  return { page, press, done: async () => (assert.deepEqual(errors, []), close()) };
}

const make = (name, more = {}) => here.acme.webhook({ name, url: here.target.url, events: ["TODO_CREATED"], ...more });
const shown = (id) => here.acme.call("GET", `/v1/webhooks/${id}`);

test("signing in, and out again", async () => {
  const { page, press, done } = await keyboard("/docs", { user: null });
  await page.goto(await here.acme.link("ada"));
  await tabTo(page, /^Sign in as Ada Rossi/);
  await press("Enter");
  await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  await tabTo(page, /Ada Rossi · Acme/);
  await press("ArrowUp");
  assert.equal(await focused(page), "Sign out");
  await press("Enter");
  await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
  await done();
});

test("a switch, from the list", async () => {
  const { id } = await make("Switched");
  const { page, press, done } = await keyboard("/webhooks");
  await page.locator("tbody tr").first().waitFor();
  await tabTo(page, "Switched: on");
  await press("Space");
  await until("off", async () => !(await shown(id)).enabled);
  assert.equal(await focused(page), "Switched: on");
  // The page hears of it a moment later, and takes no other wish before.
  await page.locator('[aria-label="Switched: on"]:not(:checked):not([aria-busy])').waitFor();
  await press("Space");
  await until("on", async () => (await shown(id)).enabled);
  await done();
});

test("a webhook is opened, changed, and saved", async () => {
  const { id } = await make("Changed");
  const { page, press, done } = await keyboard("/webhooks?q=Changed");
  await page.locator("tbody tr").first().waitFor();
  await press("j", "Enter");
  await page.locator("#preview-event").waitFor();
  await tabTo(page, "#form-name");
  await press("Control+A");
  await page.keyboard.type("Changed by keys");
  await tabTo(page, "[data-group-box]");
  await press("End");
  await tabTo(page, /^Save changes/);
  await press("Enter");
  await page.getByText(/^Saved \d\d:\d\d$/).waitFor();
  assert.equal((await shown(id)).name, "Changed by keys");
  await done();
});

test("the preview: another event, each view, the body's find", async () => {
  const { id } = await make("Looked at");
  const { page, press, done } = await keyboard(`/webhooks/${id}/settings`);
  await page.locator("#preview [role=tab]").first().waitFor();
  await tabTo(page, "#preview-event");
  await page.keyboard.type("tag was deleted");
  await press("Enter");
  await page.getByText('"TAG_DELETED"').first().waitFor();
  await tabTo(page, "[role=tab]");
  for (const name of [/^Headers/, /^curl/, /^Node/]) {
    await press("ArrowRight");
    assert.match(await focused(page), name);
    assert.ok(await focusIs(page, "[aria-selected=true]"), `${name} is shown`);
  }
  await done();
});

test("a test is sent with a sample of one's own", async () => {
  const { id } = await make("Tested by keys");
  const { page, press, done } = await keyboard(`/webhooks/${id}/test`);
  const sample = () => page.locator("#sample").inputValue();
  const first = await until("a sample", sample);
  await tabTo(page, "#event");
  await page.keyboard.type("COMMENT_CREATED");
  await press("Enter");
  await until("another sample", async () => (await sample()) !== first);
  await tabTo(page, "#sample");
  await press("Control+A");
  await page.keyboard.insertText('{"previousValue":null,"currentValue":{"id":"by-keys"}}');
  await press("Shift+Tab");
  for (let presses = 0; presses < 5 && (await focused(page)) !== "Send test"; presses += 1) await press("Shift+Tab");
  const before = here.target.got.length;
  await press("Enter");
  await page.getByRole("heading", { name: /^Accepted: 200/ }).waitFor();
  assert.equal(JSON.parse(here.target.got[before].body).currentValue.id, "by-keys");
  await done();
});

test("a secret is replaced, stored, the change finished, and signing ended", async () => {
  const { id } = await make("Secretive");
  const { page, press, done } = await keyboard(`/webhooks/${id}/secret`);
  await page.locator("h2").first().waitFor();
  await tabTo(page, "Replace the secret");
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  await press("Escape");
  await tabTo(page, "I have stored it");
  await press("Space");
  await tabTo(page, "Close");
  await press("Enter");
  await page.getByText("Next secret", { exact: true }).waitFor();
  await tabTo(page, "Finish now");
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo(page, "Finish now");
  await press("Enter");
  await until("one secret", async () => (await shown(id)).secrets.length === 1);
  await tabTo(page, "Stop signing");
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo(page, "Stop signing");
  await press("Enter");
  await until("no secret", async () => !(await shown(id)).hasSecret);
  await done();
});

test("two editors: chosen by arrows", async () => {
  const { id } = await make("Both");
  const { page, press, done } = await keyboard(`/webhooks/${id}/settings`, { allow: /412/ });
  await page.locator("#preview-event").waitFor();
  await tabTo(page, "#form-name");
  await press("Control+A");
  await page.keyboard.type("Mine");
  await here.acme.call("PATCH", `/v1/webhooks/${id}`, { name: "Theirs" });
  await press("Control+Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo(page, /Mine/);
  await press("ArrowLeft");
  await tabTo(page, "Save as chosen");
  await press("Enter");
  await until("theirs in the form", async () => (await page.locator("#form-name").inputValue()) === "Theirs");
  assert.equal((await shown(id)).name, "Theirs");
  await done();
});

test("handing over", async () => {
  const { id } = await make("Given away");
  const { page, press, done } = await keyboard(`/webhooks/${id}/test`);
  await tabTo(page, "More");
  await press("ArrowDown");
  await page.keyboard.type("h");
  assert.equal(await focused(page), "Hand over…");
  await press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio").first().waitFor();
  await tabTo(page, /^Ben Okafor/);
  await press("Space");
  await tabTo(page, "Hand over");
  await press("Enter");
  await until("Ben's", async () => (await shown(id)).createdById === "ben");
  await done();
});

test("the account: language and theme", async () => {
  const { page, press, done } = await keyboard("/account");
  await tabTo(page, "English");
  await press("ArrowRight");
  await page.getByText("Su questo dispositivo").waitFor();
  await tabTo(page, "Come il sistema");
  await press("ArrowRight", "ArrowRight");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await done();
});
