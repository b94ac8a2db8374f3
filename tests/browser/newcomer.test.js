// Somebody new, who reads nothing: from the demonstration's link to a verified test of a webhook of their own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, open } from "./browser.js";
import { PROGRAM } from "./program.js";

const TWO_MINUTES_MS = 120_000;

/** The demonstration, where it finds the npm package; its lines, and a way to type into its terminal. */
async function demonstration() {
  const folder = fileURLToPath(new URL("node_modules/.demo", import.meta.url));
  await rm(folder, { recursive: true, force: true });
  await cp(fileURLToPath(new URL("../../crates/xtask/demo", import.meta.url)), folder, { recursive: true });
  const story = spawn("node", ["story.mjs", "--bluehook", PROGRAM], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const lines = [];
  const waiting = new Set();
  createInterface({ input: story.stdout }).on("line", (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  /** What the first line says that matches, now or later. */
  const says = (pattern) =>
    new Promise((resolve) => {
      const look = () => {
        const found = lines.map((line) => line.match(pattern)).find(Boolean);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found[1] ?? found[0]);
      };
      waiting.add(look);
      look();
    });
  const stop = async () => {
    story.kill("SIGINT");
    await once(story, "exit");
  };
  return { says, type: (line) => story.stdin.write(`${line}\n`), stop };
}

test("from the link to a verified test of one's own webhook, within two minutes", { timeout: TWO_MINUTES_MS }, async () => {
  const [demo, browser] = await Promise.all([demonstration(), launch()]);
  try {
    await visit(demo, browser);
  } finally {
    await browser.close();
    await demo.stop();
  }
});

async function visit(demo, browser) {
  const [link, receiver] = await Promise.all([demo.says(/open +(http\S+)/), demo.says(/new webhook +with the URL (http\S+)/)]);
  const { page, errors } = await open(browser, link);
  const press = (name) => page.getByRole("button", { name }).click();
  await press(/^Sign in as/);
  await page.getByRole("link", { name: "New webhook" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Mine");
  await page.getByLabel("URL", { exact: true }).fill(receiver);
  await page.getByLabel("A record was created").check();
  await press("Create webhook");
  const dialog = page.getByRole("dialog");
  const secret = await dialog.locator("code").first().textContent();
  await dialog.getByLabel("I have stored it").check();
  await dialog.getByRole("button", { name: "Close" }).click();

  // The secret was not pasted yet: what comes back says what to do.
  await press("Send test");
  await page.getByRole("heading", { name: /Not accepted: 401/ }).waitFor();
  await page.getByText("paste it into the terminal").waitFor();
  demo.type(secret);
  await demo.says(/knows this secret/);
  await press("Send test");
  await page.getByRole("heading", { name: /Accepted: 204/ }).waitFor();
  await demo.says(/Arrived and verified: TODO_CREATED/);
  assert.deepEqual(errors, []);
}
