// The documentation and the GraphQL explorer: readable by everyone at every width, without a request to anywhere else; and
// the files of the UI come compressed.

import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { AxeBuilder } from "@axe-core/playwright";

import { launch, open } from "./browser.js";
import { serve } from "./program.js";

const TOKEN = "admin-token-of-the-browser-0123456789";
const TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

let browser;
let program;

before(async () => {
  const settings = { BLUEHOOK_GRAPHQL_EXPLORER: "true", BLUEHOOK_ADMIN_TOKEN: TOKEN };
  [program, browser] = await Promise.all([serve(settings), launch()]);
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

async function readable(page, name) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${name}: ${overflow} px too wide`);
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), [], name);
  if (process.env.SCREENSHOTS !== undefined) {
    await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name.replaceAll("/", "-")}.png` });
  }
}

for (const [width, colorScheme] of [[360, "dark"], [1280, "light"]]) {
  test(`every page of the documentation, ${width} px, ${colorScheme}`, async () => {
    const { page, errors, close } = await open(browser, `${program.url}/docs`, { width, colorScheme });
    const paths = await page.locator("nav a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    assert.ok(paths.length > 10);
    for (const path of paths) {
      await page.goto(program.url + path);
      assert.equal(await page.locator("nav [aria-current=page]").getAttribute("href"), path);
      await readable(page, `${path}-${width}`);
    }
    assert.deepEqual(errors.filter((error) => !error.startsWith(`asked ${program.url}`)), []);
    await close();
  });
}

test("a problem's type leads to what its code means", async () => {
  const { type } = await (await fetch(`${program.url}/v1/nothing`)).json();
  const { page, close } = await open(browser, program.url + type, {});
  assert.equal(await page.locator(":target").textContent(), "NOT_FOUND");
  await close();
});

test("queries run in the explorer", async () => {
  const made = await fetch(`${program.url}/v1/tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "explorer" }),
  });
  const { id, secret } = await made.json();
  const { page, errors, close } = await open(browser, `${program.url}/graphql`, { width: 360 });
  await page.getByLabel("Token ID").fill(id);
  await page.getByLabel("Token secret").fill(secret);
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText('"totalItems": 0').waitFor();
  await page.getByRole("button", { name: "Show the schema" }).click();
  await page.getByText('"CreateWebhookInput"').first().waitFor();
  await page.getByLabel("Variables").fill("{");
  await page.getByLabel("Variables").press("Control+Enter");
  await page.getByText("Not valid JSON").waitFor();
  await readable(page, "graphql");
  assert.deepEqual(errors.filter((error) => !error.startsWith(`asked ${program.url}`)), []);
  await close();
});

test("the files of the UI come in the coding that the caller takes", async () => {
  const plain = await ask("/", "identity");
  assert.equal(plain.headers["content-encoding"], undefined);
  const script = plain.body.toString().match(/assets\/base-[^"]+\.css/)[0];
  const bare = await ask(`/${script}`, "identity");
  for (const [accepted, coding, decode] of [["gzip, br", "br", brotliDecompressSync], ["gzip", "gzip", gunzipSync]]) {
    const { headers, body } = await ask(`/${script}`, accepted);
    assert.equal(headers["content-encoding"], coding);
    assert.match(headers.vary, /Accept-Encoding/);
    assert.equal(headers["content-type"], bare.headers["content-type"]);
    assert.notEqual(headers.etag, bare.headers.etag);
    assert.ok(decode(body).equals(bare.body));
    assert.ok(body.length < bare.body.length / 2);
  }
  assert.equal((await ask(`/${script}.br`, "br")).status, 404);
});

function ask(path, accepted) {
  return new Promise((resolve, reject) => {
    const request = get(program.url + path, { headers: { "accept-encoding": accepted } }, async (response) => {
      const body = Buffer.concat(await response.toArray());
      resolve({ status: response.statusCode, headers: response.headers, body });
    });
    request.on("error", reject);
  });
}
