// What the form costs while one types, a large body when it is opened, and the list of 100 webhooks until it is answered.
// Reported, not gated: `node measure.js`; with BLUEHOOK_BIN of the release program.

import { launch, open as openPage } from "./browser.js";
import { receiver } from "./receiver.js";
import { until, world } from "./world.js";

const KEYS = 200;
const [acme, browser] = await Promise.all([world(), launch()]);
const { page } = await openPage(browser, `${acme.url}/webhooks/new`, { signIn: await acme.link("ada", "/webhooks/new") });

/** The browser's own account, in milliseconds. */
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable");
async function spent() {
  const { metrics } = await session.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value * 1000]));
}

const drawn = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

function share(numbers, part) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * part)].toFixed(1);
}

/** Types into a field; tells the script's and the whole time of each key, up to the frame that shows it. */
async function type(field, text) {
  await page.locator(field).focus();
  const script = [];
  const task = [];
  for (const key of text.slice(0, KEYS)) {
    const before = await spent();
    await page.keyboard.type(key);
    await drawn();
    const after = await spent();
    script.push(after.ScriptDuration - before.ScriptDuration);
    task.push(after.TaskDuration - before.TaskDuration);
  }
  const told = (numbers) => `p50 ${share(numbers, 0.5)} ms, p95 ${share(numbers, 0.95)} ms`;
  console.log(`${field}: ${script.length} keys; script ${told(script)}; with layout and paint ${told(task)}`);
}

/** Opens a body of 1 MiB in the gallery and goes to its end; tells the longest task. */
async function open() {
  await page.goto(`${acme.url}/gallery`);
  await page.locator("[data-large]").first().waitFor();
  await page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (window.longest = Math.max(window.longest, duration)))).observe({ type: "longtask" });
  });
  for (const large of await page.locator("[data-large]").all()) {
    const before = await spent();
    await large.click();
    await drawn();
    const opened = await spent();
    const region = page.locator("[data-large-body] [role=region]");
    await region.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await drawn();
    const ended = await spent();
    const lines = await region.locator("[data-row]").last().getAttribute("data-row");
    console.log(
      `1 MiB, ${await large.textContent()}: opened in ${(opened.TaskDuration - before.TaskDuration).toFixed(1)} ms (script ${(opened.ScriptDuration - before.ScriptDuration).toFixed(1)}),` +
        ` to row ${lines} in ${(ended.TaskDuration - opened.TaskDuration).toFixed(1)} ms; longest task ${await page.evaluate(() => window.longest)} ms`,
    );
  }
}

/** As many webhooks as a company may have on, each with deliveries; tells how long the list's own request takes. */
async function list() {
  const [WEBHOOKS, EVENTS, ASKED] = [100, 50, 40];
  const target = await receiver(204);
  for (let made = 0; made < WEBHOOKS; made += 1) await acme.webhook({ name: `Webhook ${made}`, url: target.url, events: ["TODO_CREATED"] });
  for (let happened = 0; happened < EVENTS; happened += 1) await acme.happen();
  await until("deliveries", () => target.got.length >= WEBHOOKS * EVENTS);
  await page.goto(`${acme.url}/webhooks`);
  await page.locator("tbody tr").nth(WEBHOOKS - 1).waitFor();
  const times = await page.evaluate(async (asked) => {
    const times = [];
    for (let turn = 0; turn < asked; turn += 1) {
      const begun = performance.now();
      await (await fetch("/v1/webhooks?include=activity&limit=200", { cache: "no-store" })).text();
      times.push(performance.now() - begun);
    }
    return times;
  }, ASKED);
  console.log(`list of ${WEBHOOKS} webhooks with ${WEBHOOKS * EVENTS} deliveries: p50 ${share(times, 0.5)} ms, p95 ${share(times, 0.95)} ms`);
  await target.stop();
}

await page.locator("#preview-event").waitFor();
await page.locator("[data-event=TODO_CREATED]").check();
await type("#form-name", "abcdefghij".repeat(20));
await type("#form-url", `https://crm.example.com/${"abcdefgh".repeat(22)}`);
await page.locator("summary", { hasText: "Filter" }).click();
await type("#form-filter", `{"currentValue":{"done":true,"title":{"$startsWith":"Bug"}},"$or":[{"a":1},{"b":2}]}${" ".repeat(KEYS)}`);
await open();
await list();
await browser.close();
await acme.stop();
