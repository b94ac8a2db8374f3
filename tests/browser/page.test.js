// The first page: it works, says the same as Node, by keyboard, in both languages, at every width, light and dark.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";
import { events, preview, sampleEvent } from "bluehook/preview";

import { launch, open } from "./browser.js";
import { serve } from "./program.js";

let browser;
let program;

before(async () => {
  [program, browser] = await Promise.all([serve(), launch()]);
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

/** Runs a test on a fresh page, which must not complain. */
function onPage(name, options, run) {
  test(name, async () => {
    const { page, errors, close } = await open(browser, program.url, options);
    await run(page);
    assert.deepEqual(errors, []);
    await close();
  });
}

const body = (page) => page.getByRole("region", { name: "Body" });
const choose = (page, name) => page.getByRole("radio", { name, exact: true }).check();
const verdict = (page) => page.getByRole("status").getAttribute("data-code");
const header = (page, name) => page.locator(`[data-header="${name}"]`).textContent();

const WEBHOOK = {
  id: "clb4qaopy0000vt24mlp28v03",
  uid: "edb5b5d51dc9461a952160dbe72153b4",
  status: "HEALTHY",
  createdById: "claksl2ye0000vtas0h0ln71e",
  createdAt: "2022-12-01T07:01:25.014Z",
  updatedAt: "2022-12-01T11:23:00.661Z",
};

onPage("bodies and signatures are those that Node makes, for every event in both formats", {}, async (page) => {
  await page.getByLabel("Name", { exact: true }).fill("Ada's \"hook\" \\ è");
  await page.getByLabel("URL").fill("https://example.org/in?a=1&b=è");
  await page.getByLabel("Secret", { exact: true }).fill("correct horse battery");
  await choose(page, "Exact bytes");
  for (const [label, payloadFormat] of [["Full", "full"], ["Compact", "compact"]]) {
    await choose(page, label);
    for (const { event } of events) {
      await page.getByLabel("What happens").selectOption(event);
      const webhook = { ...WEBHOOK, name: "Ada's \"hook\" \\ è", url: "https://example.org/in?a=1&b=è", payloadFormat };
      const expected = preview({ webhook, event: sampleEvent(event), secret: "correct horse battery" });
      assert.equal(await body(page).textContent(), expected.body, `${event} ${payloadFormat}`);
      assert.equal(await header(page, "X-Signature"), expected.headers["X-Signature"]);
      assert.equal(await header(page, "X-Bluehook-Event"), event);
    }
  }
});

onPage("the readable body differs from the exact one in white space only", {}, async (page) => {
  const readable = await body(page).textContent();
  await choose(page, "Exact bytes");
  const exact = await body(page).textContent();
  assert.ok(readable.split("\n").length > 50);
  assert.deepEqual(JSON.parse(readable), JSON.parse(exact));
  assert.ok(await page.getByText(`${Buffer.byteLength(exact).toLocaleString("en")} bytes`).isVisible());
});

onPage("the first reason why not is told", {}, async (page) => {
  assert.equal(await verdict(page), "DELIVERED");
  await page.getByLabel("Filter").fill('{"currentValue":{"done":true}}');
  assert.equal(await verdict(page), "FILTER");
  await page.getByText("currentValue.done should be true, but it is false").waitFor();
  await page.getByLabel("Search events").fill("tag created");
  await page.getByLabel("A tag was created").check();
  assert.equal(await verdict(page), "EVENT_NOT_CHOSEN");
  await page.getByLabel("Enabled").uncheck();
  assert.equal(await verdict(page), "DISABLED");
});

onPage("what is wrong is told beside its field, and the request stays in sight", {}, async (page) => {
  await page.getByLabel("Filter").fill('{"currentValue":{"title":{"$startWith":"Bug"}}}');
  await page.getByText("did you mean `$startsWith`?").waitFor();
  assert.equal(await verdict(page), "FAULTY");
  await page.getByLabel("Secret", { exact: true }).fill("short");
  await page.getByText("the secret has fewer than 8 characters").waitFor();
  await page.getByLabel("Filter").fill("{");
  assert.equal(await page.getByLabel("Filter").getAttribute("aria-invalid"), "true");
  assert.ok((await body(page).textContent()).includes("TODO_CREATED"));
});

onPage("everything can be done by keyboard", {}, async (page) => {
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.getAttribute("aria-label"));
  const reached = [];
  await page.keyboard.press("Tab");
  for (let presses = 0; presses < 80 && reached.at(-1) !== "Body"; presses += 1) {
    await page.keyboard.press("Tab");
    reached.push(await focused());
  }
  for (const stop of ["name", "url", "secret", "Search events", "filter", "event", "Body"]) {
    assert.ok(reached.includes(stop), `${stop} is not among ${reached}`);
  }
  await page.getByLabel("What happens").focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await header(page, "X-Bluehook-Event"), "TODO_DELETED");
});

onPage("a person's choices of language and appearance stay, a secret does not", {}, async (page) => {
  await page.getByLabel("Secret", { exact: true }).fill("correct horse battery");
  await choose(page, "IT");
  await page.getByLabel("Aspetto").selectOption("dark");
  await page.reload();
  assert.equal(await page.locator("html").getAttribute("lang"), "it");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  assert.equal(await page.getByLabel("Segreto", { exact: true }).inputValue(), "");
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.deepEqual(JSON.parse(kept), [{ language: "it", theme: "dark" }, {}]);
});

for (const [locale, title] of [["en-GB", "See exactly what will be sent"], ["it-IT", "Guarda esattamente cosa verrà inviato"]]) {
  for (const width of [360, 768, 1280]) {
    for (const colorScheme of ["light", "dark"]) {
      onPage(`${locale}, ${width} px, ${colorScheme}: readable by everyone`, { locale, width, colorScheme }, async (page) => {
        assert.equal(await page.locator("h1").textContent(), title);
        await page.locator("#filter").fill('{"currentValue":{"done":true},"x":{"$gt":null}}');
        await page.locator("[aria-invalid=true]").waitFor();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} px too wide`);
        const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
        if (process.env.SCREENSHOTS !== undefined) {
          await page.screenshot({ path: `${process.env.SCREENSHOTS}/${locale}-${width}-${colorScheme}.png`, fullPage: true });
        }
      });
    }
  }
}
