// What is around every screen: signing in and out, addresses, keys, a session that ends, a server that goes away.

import assert from "node:assert/strict";
import { test } from "node:test";

import { follow } from "./browser.js";
import { accessible, fits, focused, tabTo } from "./checks.js";
import { stage } from "./stage.js";

const seed = ({ acme }) => acme.webhook({ name: "Support desk", url: "http://127.0.0.1:9/hook", events: ["TODO_CREATED"] });
const here = stage({ seed });

const signedIn = (path = "/webhooks", options = {}) => here.open(path, options);

test("without a session the page says how to get one, and what a wrong address is", async () => {
  const { page, errors, close } = await here.open("/", { user: null });
  await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
  await accessible(page, "signed out");
  await page.goto(`${here.acme.url}/no/such/page`);
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  // Chromium reports each answer of 401 and 404.
  assert.deepEqual(errors.filter((error) => !/status of 40[14]/.test(error)), []);
  await close();
});

test("a link in the page is a real one, and back leads back", async () => {
  const { page, errors, close } = await signedIn("/account");
  await page.getByRole("link", { name: "Webhooks" }).click();
  await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/webhooks");
  assert.equal(await page.title(), "Webhooks · Bluehook");
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "Account" }).waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("keys lead everywhere, and are told", async () => {
  const { page, errors, close } = await signedIn("/account");
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  await page.keyboard.press("/");
  assert.equal(await focused(page), "Search");
  await page.keyboard.type("?");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.getByRole("searchbox").fill("");
  await page.getByRole("searchbox").blur();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await accessible(page, "keys");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
  await close();
});

test("the first stop of the keyboard skips to the content, the menu of the person works by arrows", async () => {
  const { page, errors, close } = await signedIn();
  await page.locator("body").focus();
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Skip to the content");
  await tabTo(page, /Ada Rossi · Acme/);
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "Account");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "Sign out");
  await page.keyboard.press("Escape");
  assert.match(await focused(page), /Ada Rossi/);
  assert.deepEqual(errors, []);
  await close();
});

test("signing out ends the session", async () => {
  const { page, close } = await signedIn();
  await page.getByRole("button", { name: /Ada Rossi/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
  await close();
});

test("a session that ended is told, a sign-in in another tab is noticed, another person is named", async () => {
  const { page, context, close } = await signedIn();
  const other = await context.newPage();
  await context.clearCookies();
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
  await accessible(page, "session over");
  await follow(other, await here.acme.link("ada"));
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await follow(other, await here.acme.link("ben"));
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await page.getByRole("dialog", { name: "Ben Okafor is signed in now" }).waitFor();
  await page.getByRole("button", { name: "Go on as Ben Okafor" }).click();
  await page.getByRole("button", { name: /Ben Okafor/ }).waitFor();
  await close();
});

test("a server that is away is told, and tried again", async () => {
  const { page, close } = await signedIn();
  await page.locator("main h1").waitFor();
  let back = false;
  await page.route("**/v1/**", (route) => (back ? route.continue() : route.abort()));
  const hanging = new Promise((asked) => {
    void page.route("**/readyz", (route) => (back ? route.continue() : asked(route)));
  });
  await page.getByRole("searchbox").fill("crm");
  await page.getByText(/Bluehook has not answered since/).waitFor();
  await accessible(page, "server away");
  // While the page's own try hangs it begins no other: only the button can be what brings it back.
  const own = await hanging;
  back = true;
  await page.getByRole("button", { name: "Try now" }).click();
  await page.getByText(/Bluehook has not answered since/).waitFor({ state: "detached" });
  await page.getByText("No webhook matches").waitFor();
  await own.abort();
  await close();
});

test("on a narrow screen one menu holds everything", async () => {
  const { page, errors, close } = await signedIn("/account", { width: 320, height: 640 });
  await fits(page, "account");
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("menuitem", { name: "Webhooks" }).click();
  await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("the language is the person's, unless they choose one here", async () => {
  const { page, errors, close } = await signedIn("/account", { user: "carla" });
  assert.equal(await page.locator("html").getAttribute("lang"), "it");
  await page.getByRole("radio", { name: "English" }).check({ force: true });
  await page.getByText("On this device").waitFor();
  await page.getByRole("radio", { name: "Dark" }).check({ force: true });
  await page.reload();
  await page.getByText("On this device").waitFor();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.deepEqual(JSON.parse(kept), [{ language: "en", theme: "dark" }, {}]);
  assert.deepEqual(errors, []);
  await close();
});

test("a page that is open and not touched asks nothing: what is read is read once", async () => {
  const { id } = await here.acme.webhook({ name: "Quiet", url: "http://127.0.0.1:9/hook", events: ["TODO_CREATED"] });
  for (const path of ["/webhooks", "/webhooks/new", `/webhooks/${id}/settings`, `/webhooks/${id}/secret`, `/webhooks/${id}/test`, "/account"]) {
    const { page, errors, close } = await signedIn(path);
    const asked = [];
    page.on("request", (request) => request.url().includes("/v1/") && asked.push(`${request.method()} ${request.url()}`));
    await page.reload();
    await page.locator("main :is(tbody tr, #preview-event, h2, #sample)").first().waitFor();
    await page.waitForLoadState("networkidle");
    const twice = asked.filter((one, at) => asked.indexOf(one) !== at);
    assert.deepEqual(twice, [], path);
    assert.deepEqual(errors, []);
    await close();
  }
});
