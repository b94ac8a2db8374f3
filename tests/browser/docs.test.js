// The documentation and the GraphQL explorer: readable by everyone at every width, without a request to anywhere else; and
// the files of the UI come compressed.

import assert from "node:assert/strict";
import { get } from "node:http";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { accessible } from "./checks.js";
import { stage } from "./stage.js";

const here = stage({ settings: { BLUEHOOK_GRAPHQL_EXPLORER: "true" } });

for (const [width, colorScheme] of [[360, "dark"], [1280, "light"]]) {
  test(`every page of the documentation, ${width} px, ${colorScheme}`, async () => {
    const { page, errors, close } = await here.open("/docs", { user: null, width, colorScheme });
    const paths = await page.locator(".beside a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    assert.ok(paths.length > 10);
    for (const path of paths) {
      await page.goto(here.acme.url + path);
      if (width < 960) await page.locator("summary").first().click();
      assert.equal(await page.locator("nav [aria-current=page]:visible").getAttribute("href"), path);
      await accessible(page, `${path}-${width}`);
    }
    assert.deepEqual(errors, []);
    await close();
  });
}

test("a problem's type leads to what its code means", async () => {
  const { type } = await (await fetch(`${here.acme.url}/v1/nothing`)).json();
  const { page, close } = await here.open(type, { user: null });
  assert.equal(await page.locator(":target").textContent(), "NOT_FOUND");
  await close();
});

test("queries run in the explorer", async () => {
  const { id, secret } = await here.acme.call("POST", "/v1/tokens", { name: "explorer" });
  const { page, errors, close } = await here.open("/graphql", { user: null, width: 360 });
  await page.getByLabel("Token ID").fill(id);
  await page.getByLabel("Token secret").fill(secret);
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText('"totalItems": 0').waitFor();
  await page.getByRole("button", { name: "Show the schema" }).click();
  await page.getByText('"CreateWebhookInput"').first().waitFor();
  await page.getByLabel("Variables").fill("{");
  await page.getByLabel("Variables").press("Control+Enter");
  await page.getByText("Not valid JSON").waitFor();
  await accessible(page, "graphql");
  assert.deepEqual(errors, []);
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
    const request = get(here.acme.url + path, { headers: { "accept-encoding": accepted } }, async (response) => {
      const body = Buffer.concat(await response.toArray());
      resolve({ status: response.statusCode, headers: response.headers, body });
    });
    request.on("error", reject);
  });
}
