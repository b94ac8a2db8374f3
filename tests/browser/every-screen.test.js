// Every screen and what can lie over it, for everyone: axe in both themes and languages, nothing sideways at 320 px and at
// 400 % zoom, no error, no request to elsewhere. The states are those of the pictures.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch } from "./browser.js";
import { accessible, fits } from "./checks.js";
import { seed } from "./pictures/seed.js";
import { states } from "./pictures/states.js";
import { LOCALES, Visits } from "./pictures/visits.js";

/** What the other tests look at in every look, and what differs from these in its data only, is left out. */
const LOOKED_AT = [
  "list-ready", "list-empty", "list-limit", "list-unread", "list-still-off",
  "form-settings", "form-missing", "form-conflict", "form-leave", "form-refused", "form-not-mine",
  "webhook-failing", "webhook-off-by-fault", "webhook-others", "webhook-missing", "webhook-delete", "webhook-hand-over",
  "test-ready", "test-accepted", "test-refused", "test-not-json",
  "secret-ready", "secret-overlap", "secret-none", "secret-shown", "secret-stop-asked",
  "sign-in-asks", "sign-in-used", "account-ready", "explorer-ready",
  "shell-signed-out", "shell-not-found", "shell-keys", "shell-session-over", "shell-another-person", "shell-unread",
];

/** What Chromium reports of answers that belong to a state. */
const REFUSALS = /status of (401|403|404|410|412|500)/;

let browser;
let here;

before(async () => {
  [browser, here] = await Promise.all([launch(), seed()]);
});

after(async () => {
  await browser?.close();
  await here?.stop();
});

for (const language of Object.keys(LOCALES)) {
  test(`in ${language}: readable by everyone, narrow, zoomed, in both themes`, async (context) => {
    const visits = new Visits(browser, here, language);
    const known = new Map(states(here).map((state) => [`${state.screen}-${state.state}`, { allow: REFUSALS, ...state }]));
    for (const name of LOOKED_AT) {
      await context.test(name, () => visits.to(known.get(name), 1280, (page, errors) => everyone(page, errors, `${name} ${language}`)));
    }
  });
}

async function everyone(page, errors, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await accessible(page, `${name} ${colorScheme}`);
  }
  for (const [width, height] of [[320, 640], [320, 180]]) {
    await page.setViewportSize({ width, height });
    await fits(page, `${name} ${width}×${height}`);
  }
  assert.deepEqual(errors, [], name);
}
