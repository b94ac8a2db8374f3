// What the form costs while one types, and a large body when it is opened. Reported, not gated: `node measure.js`.

import { launch } from "./browser.js";
import { company, signIn, TOKEN } from "./company.js";
import { serve } from "./program.js";

const KEYS = 200;
const [program, browser] = await Promise.all([serve({ BLUEHOOK_ADMIN_TOKEN: TOKEN }), launch()]);
await company(program);
const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();

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
  await page.goto(`${program.url}/gallery`);
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

await signIn(page, program, "/webhooks/new");
await page.locator("#preview-event").waitFor();
await page.locator("[data-event=TODO_CREATED]").check();
await type("#form-name", "abcdefghij".repeat(20));
await type("#form-url", `https://crm.example.com/${"abcdefgh".repeat(22)}`);
await page.locator("summary", { hasText: "Filter" }).click();
await type("#form-filter", `{"currentValue":{"done":true,"title":{"$startsWith":"Bug"}},"$or":[{"a":1},{"b":2}]}${" ".repeat(KEYS)}`);
await open();
await browser.close();
await program.stop();
