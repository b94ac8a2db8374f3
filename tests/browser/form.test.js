// The form of a webhook and the request beside it, against the real program: by mouse, by keyboard alone, in both languages
// and themes, with two editors, and with a server that goes away.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accessible, focusIs } from "./checks.js";
import { stage } from "./stage.js";

const here = stage({ receivers: { there: 204 } });

/** Runs a test on a page of its own, signed in at a place, which must not complain. */
function at(path, name, options, run) {
  test(name, async () => {
    const place = typeof path === "string" ? path : `/webhooks/${(await path()).id}/settings`;
    const { page, errors, close } = await here.open(place, options);
    await page.locator("#preview-event").waitFor();
    await run(page, place.split("/")[2]);
    assert.deepEqual(errors, []);
    await close();
  });
}

let made = 0;

/** A webhook of Ada's, made by the API. */
function webhook(more = {}) {
  made += 1;
  return here.acme.webhook({ name: `Hook ${made}`, url: here.there.url, events: ["TODO_CREATED"], ...more });
}

const NEW = "/webhooks/new";
const verdict = (page) => page.locator(".verdict.wide").getAttribute("data-code");
const reaches = (page, code) => page.locator(`.verdict.wide[data-code=${code}]`).waitFor();
const url = (page) => page.locator("#form-url");
const box = (page, event) => page.locator(`[data-event=${event}]`);
const button = (page, name) => page.getByRole("button", { name, exact: true });
const section = (page, name) => page.locator("summary", { hasText: name }).first();

/** The least that can be created. */
async function filled(page, name) {
  await page.locator("#form-name").fill(name);
  await url(page).fill(here.there.url);
  await box(page, "TODO_CREATED").check();
  await reaches(page, "READY");
}

at(NEW, "a webhook is made, its secret shown once and stored", {}, async (page) => {
  await filled(page, "CRM sync");
  await button(page, "Create webhook").click();
  const dialog = page.getByRole("dialog");
  const secret = await dialog.locator("code").first().textContent();
  assert.match(secret, /^whsec_[\w+/]{43}=$/);
  assert.equal(await dialog.locator("code").nth(1).textContent(), `BLUEHOOK_SECRET=${secret}`);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  assert.ok(await dialog.isVisible());
  assert.equal(await dialog.getByRole("button", { name: "Close" }).getAttribute("aria-disabled"), "true");
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
  assert.ok(!kept.includes(secret));
  await dialog.getByLabel("I have stored it").check();
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.waitForURL(/\/test$/);
  const { items } = await here.acme.call("GET", "/v1/webhooks?companyId=acme");
  assert.ok(items.some(({ name, hasSecret }) => name === "CRM sync" && hasSecret));
});

at(NEW, "by keyboard alone, from the name to the stored secret", {}, async (page) => {
  await page.locator("#form-name").focus();
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Tab");
  await page.keyboard.type(here.there.url);
  for (let presses = 0; presses < 6 && !(await focusIs(page, "[data-group-box]")); presses += 1) await page.keyboard.press("Tab");
  assert.ok(await focusIs(page, "[data-group-box=record]"), "one tab stop leads into the tree");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.locator("[data-event=TODO_CREATED]").count(), 0, "← closes the group");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  assert.ok(await box(page, "TODO_CREATED").isChecked());
  await page.keyboard.press("End");
  assert.ok(await focusIs(page, "[data-event=COMMENT_UPDATED]"));
  await page.keyboard.press("Home");
  await page.keyboard.type("comm");
  assert.ok(await focusIs(page, "[data-group-box=comment]"), "letters find");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowLeft");
  assert.ok(await focusIs(page, "[data-group-box=tag]"), "← leads to the group");
  await reaches(page, "READY");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("dialog").waitFor();
  for (let presses = 0; presses < 8 && !(await focusIs(page, "dialog input[type=checkbox]")); presses += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/test$/);
});

at(NEW, "all is a choice of its own, and unticking the last is none", {}, async (page) => {
  await url(page).fill(here.there.url);
  const comments = page.locator("[data-group-box=comment]");
  await comments.check();
  assert.equal(await page.locator("[data-group=comment] [data-event]:checked").count(), 3);
  await box(page, "COMMENT_CREATED").uncheck();
  assert.ok(await comments.evaluate((element) => element.indeterminate));
  await comments.check();
  await comments.uncheck();
  await page.locator("#form-name").focus();
  await page.locator("#form-events-problem").waitFor();
  assert.ok(await page.getByLabel("Only these").first().isChecked());
  await page.getByLabel("All, also future ones").check();
  await reaches(page, "READY");
});

at(NEW, "events are found by their code and by the words of both languages", {}, async (page) => {
  const search = page.getByPlaceholder("Search title");
  for (const [query, event] of [["TODO_DUE", "TODO_DUE_DATE_ADDED"], ["unassigned", "TODO_ASSIGNEE_REMOVED"], ["rinominata lista", "TODO_LIST_NAME_CHANGED"]]) {
    await search.fill(query);
    await box(page, event).waitFor();
    assert.ok((await page.locator("[data-event]").count()) < 13, query);
  }
  assert.ok((await page.locator("fieldset mark").count()) >= 0);
  await search.fill("tag created");
  await page.locator("[data-group-box=tag]").check();
  await search.fill("");
  assert.equal(await page.locator("[data-event]:checked").count(), 1, "a group ticks what is shown");
});

at(NEW, "the verdict is never greener than the server", {}, async (page) => {
  assert.equal(await verdict(page), "NO_URL");
  await box(page, "TODO_CREATED").check();
  await url(page).fill("https://127.0.0.1:1/x");
  assert.notEqual(await verdict(page), "READY");
  await url(page).fill("ftp://example.org/");
  assert.equal(await verdict(page), "FAULTY");
  await url(page).fill(here.there.url);
  assert.equal(await verdict(page), "URL_UNKNOWN");
  await url(page).blur();
  await reaches(page, "READY");
  await url(page).press("End");
  await page.keyboard.type("x");
  assert.equal(await verdict(page), "URL_UNKNOWN", "another address is not the one that was checked");
  await url(page).fill("http://10.0.0.1/");
  await url(page).blur();
  await reaches(page, "URL_BAD");
  await url(page).fill(here.there.url);
  await url(page).blur();
  await reaches(page, "READY");
  await section(page, "Filter").click();
  await page.locator("#form-filter").fill('{"currentValue":{"done":true}}');
  await reaches(page, "NO_MATCH");
  await page.locator("#form-filter").fill('{"currentValue":{');
  await reaches(page, "FAULTY");
});

at(NEW, "a filter's problems stand at their lines", {}, async (page) => {
  await section(page, "Filter").click();
  const filter = page.locator("#form-filter");
  await filter.fill('{\n  "currentValue": {\n    "title": {"$startWith": "Bug"},\n    "done": {"$gt": null}\n  }\n}');
  assert.equal(await filter.getAttribute("aria-invalid"), null, "nothing is said before it is left");
  await filter.blur();
  await button(page, "Line 3").waitFor();
  await button(page, "Line 4").click();
  assert.equal(await page.evaluate(() => getSelection().toString()), '"$gt": null');
});

at(NEW, "what is missing is said at its field, and the first takes the focus", {}, async (page) => {
  await button(page, "Create webhook").click();
  assert.ok(await focusIs(page, "#form-url"));
  assert.equal(await url(page).getAttribute("aria-invalid"), "true");
  await page.locator("#form-events-problem").waitFor();
});

at(NEW, "a secret of one's own signs the preview at once; a short one is refused", {}, async (page) => {
  await filled(page, "Own secret");
  await section(page, "Secret").click();
  await page.getByLabel("My own").check();
  const secret = page.locator("#form-secret");
  await secret.fill("short");
  await secret.blur();
  await page.locator("#form-secret-problem").waitFor();
  await secret.fill("correct horse battery");
  await page.getByRole("tab", { name: /Headers/ }).click();
  await page.getByText(/^[0-9a-f]{64}$/).waitFor();
  await page.getByLabel("None", { exact: true }).check();
  await page.locator(".verdict.wide", { hasText: "not signed" }).waitFor();
  await page.getByRole("tab", { name: "Node" }).click();
  await page.getByText("createServer").first().waitFor();
});

at(NEW, "projects are found, chosen and dropped by keyboard", {}, async (page) => {
  await page.locator("fieldset", { hasText: "All that I am in" }).getByLabel("Only these", { exact: true }).check();
  const field = page.locator("#form-projects");
  await field.focus();
  await page.keyboard.type("web");
  await page.keyboard.press("Enter");
  await page.keyboard.type("lau");
  await page.keyboard.press("Enter");
  const chips = page.getByRole("list", { name: "Projects" }).getByRole("listitem");
  assert.deepEqual((await chips.allTextContents()).map((text) => text.trim()), ["Website", "Launch"]);
  await page.keyboard.press("Backspace");
  assert.equal(await chips.count(), 1);
  await button(page, "Remove Website").click();
  await page.locator("#form-name").focus();
  await page.locator("#form-projectIds-problem, #form-projects-problem").waitFor();
});

at(webhook, "only what changed is sent, with the state it was read in", {}, async (page, id) => {
  const sent = [];
  page.on("request", (request) => request.method() === "PATCH" && sent.push(request));
  await page.locator("#form-name").fill("Renamed");
  await page.getByText("1 change", { exact: true }).waitFor();
  await page.locator("#form-name").press("Control+Enter");
  await page.getByText(/^Saved \d\d:\d\d$/).waitFor();
  assert.deepEqual(JSON.parse(sent[0].postData()), { name: "Renamed" });
  assert.ok((await sent[0].allHeaders())["if-match"]);
  assert.equal((await here.acme.call("GET", `/v1/webhooks/${id}`)).name, "Renamed");
});

at(webhook, "two editors choose field by field, and nothing typed is lost", { allow: /412/ }, async (page, id) => {
  await page.locator("#form-name").fill("Mine");
  await page.getByLabel("All, also future ones").check();
  await here.acme.call("PATCH", `/v1/webhooks/${id}`, { name: "Theirs", description: "Written meanwhile" });
  await page.keyboard.press("Control+Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Theirs", { exact: true }).last().waitFor();
  assert.equal(await dialog.getByRole("row").count(), 2, "only what both changed is asked");
  await dialog.getByRole("button", { name: "Keep all of theirs" }).click();
  await dialog.getByRole("button", { name: "Save as chosen" }).click();
  await page.getByText(/^Saved/).waitFor();
  const { name, description, events } = await here.acme.call("GET", `/v1/webhooks/${id}`);
  assert.deepEqual([name, description, events], ["Theirs", "Written meanwhile", []]);
});

at(webhook, "leaving with changes asks once; staying loses nothing", {}, async (page) => {
  await page.locator("#form-name").fill("Half done");
  await page.getByRole("navigation").first().getByRole("link", { name: "Webhooks" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Stay here" }).click();
  assert.equal(await page.locator("#form-name").inputValue(), "Half done");
  await page.getByRole("navigation").first().getByRole("link", { name: "Webhooks" }).click();
  await dialog.getByRole("button", { name: "Discard and leave" }).click();
  await page.waitForURL(/\/webhooks$/);
});

at(() => webhook({ headers: { "X-Key": "s3cret value" } }), "values of own headers are written only", {}, async (page, id) => {
  await section(page, "More").click();
  assert.ok(!(await page.content()).includes("s3cret"));
  await button(page, "Replace the value of X-Key").click();
  await page.getByLabel("Value", { exact: true }).fill("another secret");
  for (const tab of [/Headers/, "curl"]) {
    await page.getByRole("tab", { name: tab }).click();
    assert.ok(!(await page.locator("#preview").textContent()).includes("another secret"));
  }
  await page.keyboard.press("Control+Enter");
  await page.getByText(/^Saved/).waitFor();
  assert.deepEqual((await here.acme.call("GET", `/v1/webhooks/${id}`)).headers, { "X-Key": null });
});

for (const [locale, width, colorScheme] of [
  ["en-GB", 1280, "light"],
  ["en-GB", 320, "dark"],
  ["it-IT", 1280, "dark"],
  ["it-IT", 320, "light"],
]) {
  at(NEW, `${locale}, ${width} px, ${colorScheme}: the form is readable by everyone`, { locale, width, colorScheme }, async (page) => {
    for (const summary of await page.locator(".sections summary").all()) await summary.click();
    await page.locator("#form-filter").fill('{"a":{"$startWith":1}}');
    await page.locator("#form-url").fill("nothing");
    await page.locator("#form-name").focus();
    await accessible(page, `form ${locale} ${width}`);
    for (const tab of await page.locator("#preview [role=tab]").all()) {
      await tab.click();
      await accessible(page, `${await tab.textContent()} ${locale} ${width}`);
    }
  });
}
