// The secret of a webhook against the real program: made, replaced with an overlap, finished, replaced at once, taken away;
// and never anywhere but on the screen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible } from "./checks.js";
import { stage } from "./stage.js";

const here = stage();

/** Runs a test on the secret of a new webhook. */
function onSecret(name, { webhook = {}, ...options }, run) {
  test(name, async () => {
    const given = { name, url: "http://127.0.0.1:9/hook", events: ["TODO_CREATED"], ...webhook };
    const { id } = await here.acme.webhook(given);
    const { page, errors, close } = await here.open(`/webhooks/${id}/secret`, options);
    await page.locator("h2").first().waitFor();
    await run(page, id);
    assert.deepEqual(errors, []);
    await close();
  });
}

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const dialog = (page) => page.getByRole("dialog");
const secrets = async (id) => (await here.acme.call("GET", `/v1/webhooks/${id}`)).secrets.map(({ role }) => role);

async function store(page) {
  const secret = await dialog(page).locator("code").first().textContent();
  await dialog(page).getByLabel("I have stored it").check();
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await dialog(page).waitFor({ state: "detached" });
  return secret;
}

onSecret("replaced with an overlap, then finished", {}, async (page, id) => {
  await page.getByLabel("Both sign for").selectOption("3600");
  await press(page, "Replace the secret");
  assert.match(await store(page), /^whsec_/);
  await page.getByText("Next secret", { exact: true }).waitFor();
  assert.match(await page.locator("time").textContent(), /^(1:00:00|59:\d\d)$/);
  assert.deepEqual(await secrets(id), ["CURRENT", "NEXT"]);
  await press(page, "Finish now");
  await dialog(page).getByRole("button", { name: "Finish now" }).click();
  await page.getByText("Next secret", { exact: true }).waitFor({ state: "detached" });
  assert.deepEqual(await secrets(id), ["CURRENT"]);
});

onSecret("within a change only replacing at once is possible", {}, async (page, id) => {
  await press(page, "Replace the secret");
  await store(page);
  await page.getByText("A change is under way").waitFor();
  await press(page, "Replace at once");
  await dialog(page).getByRole("button", { name: "Replace at once" }).click();
  await dialog(page).getByText("I have stored it").waitFor();
  await store(page);
  assert.deepEqual(await secrets(id), ["CURRENT"]);
});

onSecret("one's own is checked before it is sent, and is what signs", {}, async (page) => {
  await page.getByText("My own", { exact: true }).click();
  await page.locator("#secret-own").fill("whsec_not base64!");
  await press(page, "Replace the secret");
  await page.getByText("After whsec_ there must be base64, and this is not.").waitFor();
  await page.locator("#secret-own").fill("correct horse battery");
  await press(page, "Replace the secret");
  assert.equal(await store(page), "correct horse battery");
  assert.equal(await page.locator("#secret-own").count() === 0 || (await page.locator("#secret-own").inputValue()) === "", true);
});

onSecret("taken away, and made again", {}, async (page, id) => {
  await press(page, "Stop signing");
  await dialog(page).getByRole("button", { name: "Stop signing" }).click();
  await press(page, "Make a secret");
  await store(page);
  await page.getByText("Present secret").waitFor();
  assert.deepEqual(await secrets(id), ["CURRENT"]);
});

onSecret("after a reload it is only said that it was shown", {}, async (page) => {
  await press(page, "Replace the secret");
  const secret = await dialog(page).locator("code").first().textContent();
  await page.reload();
  await page.getByText("The secret was shown. If it is lost, replace it.").waitFor();
  assert.ok(!(await page.content()).includes(secret));
  await press(page, "It is stored");
  await page.reload();
  await page.locator("h2").first().waitFor();
  assert.equal(await page.getByText("The secret was shown.").count(), 0);
});

for (const [locale, width, colorScheme] of [["en-GB", 1280, "dark"], ["it-IT", 320, "light"]]) {
  onSecret(`${locale}, ${width} px, ${colorScheme}: readable by everyone`, { locale, width, colorScheme }, async (page) => {
    await accessible(page, `secret ${locale}`);
    await page.locator("button", { hasText: /Replace the secret|Sostituisci il segreto/ }).click();
    await dialog(page).waitFor();
    await accessible(page, `secret shown ${locale}`);
  });
}
