// Pictures of every screen in its states: `cargo xtask screens` runs it. The first argument is the folder they go to.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { launch, open } from "./browser.js";
import { receiver, until, world } from "./world.js";

const [folder, only] = process.argv.slice(2);
const WIDTHS = [[1280, 720], [360, 640]];
const THEMES = ["light", "dark"];
const LANGUAGES = [["en", "en-GB"], ["it", "it-IT"]];

const [acme, browser, good, bad] = await Promise.all([world(), launch(), receiver(200, '{"ok":true}'), receiver(503)]);
await mkdir(folder, { recursive: true });
try {
  const taken = await pictures(await states(await seed()));
  await writeFile(join(folder, "index.html"), index(taken));
  console.log(`${taken.length} pictures in ${folder}`);
} finally {
  await browser.close();
  await Promise.all([acme.stop(), good.stop(), bad.stop()]);
}

/** Webhooks in every state of health. */
async function seed() {
  const crm = await acme.webhook({ name: "CRM sync", url: good.url, events: ["TODO_CREATED", "TODO_MOVED", "TAG_CREATED"], projectIds: ["launch", "website"] });
  await acme.webhook({ name: "Warehouse", url: good.url, events: ["COMMENT_DELETED"] });
  await acme.webhook({ name: "Support desk", url: bad.url, events: ["TODO_CREATED"] });
  const off = await acme.webhook({ name: "Zapier: records", url: "https://hooks.zapier.com/hooks/catch/1/2", events: ["TODO_CREATED"] });
  const old = await acme.webhook({ name: "Old ERP", url: bad.url, events: ["LIST_CREATED", "TODO_LIST_CREATED"].slice(1) });
  await acme.webhook({ name: "Data lake with a long name that goes on until there is no room for it in one line of the table", url: `${good.url}/${"very-long-path/".repeat(8)}` });
  await acme.webhook({ name: "Ben's billing", url: good.url, createdById: "ben" });
  await acme.call("POST", `/v1/webhooks/${off.id}/disable`);
  for (let happened = 0; happened < 9; happened += 1) await acme.happen();
  await until("failing", async () => bad.got.length >= 9);
  bad.answer.status = 410;
  await acme.happen("TODO_LIST_CREATED");
  await until("off", async () => !(await acme.call("GET", `/v1/webhooks/${old.id}`)).enabled);
  bad.answer.status = 503;
  for (let held = 0; held < 3; held += 1) await acme.happen("TODO_LIST_CREATED");
  return { crm, old };
}

/** Each picture: a name, an address, who looks, and what is done before. */
async function states({ crm, old }) {
  const press = (page, selector) => page.locator(selector).first().click();
  const dialog = (page) => page.getByRole("dialog").waitFor();
  const test = async (page) => {
    await press(page, "form button[type=submit]");
    await page.locator("#result ~ section").first().waitFor();
  };
  const menu = async (page, at) => {
    await press(page, "main [aria-haspopup=menu]");
    await page.getByRole("menuitem").nth(at).click();
    await dialog(page);
  };
  return [
    ["list", "ready", "/webhooks"],
    ["list", "company", "/webhooks?scope=company"],
    ["list", "no-match", "/webhooks?q=nothing"],
    ["list", "empty", "/webhooks", undefined, "carla"],
    ["list", "may-not", "/webhooks", undefined, "mia"],
    ["form", "new", "/webhooks/new?event=TODO_CREATED"],
    ["form", "settings", `/webhooks/${crm.id}/settings`],
    ["secret", "ready", `/webhooks/${crm.id}/secret`],
    ["webhook", "off", `/webhooks/${old.id}/test`],
    ["test", "ready", `/webhooks/${crm.id}/test`],
    ["test", "answered", `/webhooks/${crm.id}/test`, test],
    ["webhook", "delete", `/webhooks/${old.id}/test`, (page) => menu(page, 2)],
    ["webhook", "hand-over", `/webhooks/${crm.id}/test`, (page) => menu(page, 1)],
    ["webhook", "missing", "/webhooks/clb4qaopy0000vt24mlp28v03/test"],
    ["account", "ready", "/account"],
    ["shell", "keys", "/webhooks", (page) => page.keyboard.press("?").then(() => dialog(page))],
    ["shell", "not-found", "/nothing/here"],
    ["gallery", "ready", "/gallery"],
  ].filter(([screen]) => only === undefined || screen === only);
}

async function pictures(all) {
  const taken = [];
  for (const [language, locale] of LANGUAGES) {
    for (const colorScheme of THEMES) {
      for (const [width, height] of WIDTHS) {
        for (const [screen, state, path, act, user = "ada"] of all) {
          const name = `${screen}-${state}-${width}-${colorScheme}-${language}.png`;
          await picture(name, path, { locale, colorScheme, width, height, language }, act, user);
          taken.push(name);
        }
      }
    }
  }
  return taken;
}

async function picture(name, path, { language, ...options }, act, user) {
  const { page, close } = await open(browser, `${acme.url}/account`, { ...options, reducedMotion: "reduce", signIn: await acme.link(user) });
  await page.evaluate((chosen) => localStorage.setItem("language", chosen), language);
  await page.goto(acme.url + path);
  await page.locator("main h1").first().waitFor();
  await act?.(page);
  await page.screenshot({ path: join(folder, name), fullPage: name.startsWith("gallery") });
  await close();
}

function index(taken) {
  const shown = taken.map((name) => `<figure><img src="${name}" alt="" loading="lazy"><figcaption>${name}</figcaption></figure>`);
  return `<!doctype html><meta charset="utf-8"><title>Screens</title><style>body{display:flex;flex-wrap:wrap;gap:1rem;font:14px sans-serif}figure{margin:0}img{max-width:40rem;max-height:40rem;border:1px solid #999}</style>${shown.join("\n")}\n`;
}
