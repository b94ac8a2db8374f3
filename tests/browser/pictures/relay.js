// Tests and checks of addresses are asked for by the backend, once for each language: a person may ask 20 times a minute, and
// there are more pictures than that. What comes back is the program's own answer.

import { TOKEN } from "../world.js";

const ASKED = /\/v1\/(url-check|webhooks\/[^/]+\/test)$/;
const answers = new Map();
/** One after the other: a webhook is tested once at a time. */
let before = Promise.resolve();

/** Sends what a page asks of this kind as the backend. */
export async function relayed(page, acme, language) {
  await page.route(ASKED, async (route) => {
    const url = route.request().url();
    const body = route.request().postData() ?? "{}";
    const key = `${language} ${url} ${body}`;
    if (!answers.has(key)) {
      before = before.then(() => ask(url, body, language));
      answers.set(key, before);
    }
    await route.fulfill(await answers.get(key));
  });
}

async function ask(url, body, language) {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", "accept-language": language };
  const response = await fetch(url, { method: "POST", headers, body });
  return { status: response.status, contentType: response.headers.get("content-type") ?? "", body: await response.text() };
}
