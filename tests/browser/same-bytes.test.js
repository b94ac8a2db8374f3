// The page and the wire say the same: what the preview of a saved webhook shows is what its receiver gets, byte for byte, with
// the signature of the same secret.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Webhook } from "bluehook";
import { sampleEvent } from "bluehook/preview";

import { stage } from "./stage.js";

const SECRET = "correct horse battery \"staple\" è";
const EVENTS = ["TODO_CREATED", "TODO_DELETED", "COMMENT_UPDATED"];

const here = stage({ receivers: { there: 204 } });

const button = (page, name) => page.getByRole("button", { name, exact: true });

/** The whole of what the open panel copies. */
async function copied(page) {
  await page.locator("#preview [role=tabpanel]").getByRole("button", { name: "Copy" }).click();
  await page.getByText("Copied").first().waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** The body as it will be sent, and the signature. */
async function previewed(page, event) {
  await page.locator("#preview-event").fill(event);
  await page.locator("#preview-event").press("Enter");
  await page.getByRole("tab", { name: "Body" }).click();
  await page.getByText("Exact", { exact: true }).click();
  const body = await copied(page);
  await page.getByRole("tab", { name: /Headers/ }).click();
  await page.getByLabel("Secret to sign with").fill(SECRET);
  const signature = await page.locator("#preview dl").getByText(/^[0-9a-f]{64}$/).textContent();
  return { body, signature: signature.trim() };
}

/** What the receiver gets for the event. */
async function received(event) {
  const next = here.there.next();
  const { previousValue, currentValue } = sampleEvent(event);
  assert.equal((await here.acme.happen(event, { previousValue, currentValue })).deliveries, 1);
  return next;
}

async function compare(page, events) {
  for (const event of events) {
    const shown = await previewed(page, event);
    const { headers, body } = await received(event);
    assert.equal(shown.body, body.toString(), event);
    assert.equal(shown.signature, headers["x-signature"], event);
    assert.equal(new Webhook(SECRET).inspect(body, headers).valid, true);
  }
}

test("bytes and signature of the preview are those that a receiver gets, in both forms", async () => {
  const given = { name: 'Ada\'s "hook" \\ è', url: `${here.there.url}?a=1&b=%C3%A8`, secret: SECRET, projectIds: ["launch"] };
  const { id } = await here.acme.webhook({ ...given, events: ["COMMENT_UPDATED", "TODO_DELETED", "TODO_CREATED"] });
  const permissions = ["clipboard-read", "clipboard-write"];
  const { page, errors, close } = await here.open(`/webhooks/${id}/settings`, { permissions });
  await page.locator("#preview-event").waitFor();
  await compare(page, EVENTS);
  // Saved anew: the other form, and another time of change. Read anew first, so that the page knows of the deliveries.
  await page.reload();
  await page.locator("#preview-event").waitFor();
  await page.getByLabel("Compact", { exact: true }).check();
  await button(page, "Save changes").click();
  await button(page, "Change and save").click();
  await page.getByText(/^Saved/).waitFor();
  await compare(page, EVENTS);
  assert.deepEqual(errors, []);
  await close();
});
