// What is around the screens: signing in, sessions, keys, addresses that lead nowhere; the documentation, the explorer, the gallery.

import { dialog, press, state } from "./states.js";

const DOCS = ["", "/receiver", "/webhooks", "/api", "/errors", "/settings"];

export function aroundStates({ acme }) {
  const nobody = { user: null };
  const focus = (page) => page.evaluate(() => dispatchEvent(new Event("focus")));
  const used = async () => {
    const link = await acme.link("ada");
    await fetch(link, { method: "POST", redirect: "manual" });
    return link;
  };
  return [
    state("sign-in", "asks", () => acme.link("ada"), nobody),
    state("sign-in", "used", used, nobody),
    state("shell", "signed-out", "/", nobody),
    state("shell", "not-found", "/nothing/here", nobody),
    state("shell", "not-found-signed-in", "/nothing/here"),
    state("shell", "keys", "/webhooks", { act: (page) => page.keyboard.press("?").then(() => dialog(page)) }),
    state("shell", "menu", "/account", { afresh: true, act: (page) => page.locator("header [aria-haspopup=menu]:visible").first().click() }),
    state("shell", "session-over", "/account", {
      ends: true,
      act: async (page) => {
        await page.context().clearCookies();
        await focus(page);
        await dialog(page);
      },
    }),
    state("shell", "another-person", "/account", {
      act: async (page) => {
        const me = await page.evaluate(async () => (await fetch("/v1/me")).json());
        const person = { ...me.person, id: "ben", fullName: "Ben Okafor" };
        await page.route(/\/v1\/me/, (route) => route.fulfill({ json: { ...me, person } }));
        await focus(page);
        await dialog(page);
      },
    }),
    state("shell", "unread", "/account", {
      before: (page) => page.route(/\/v1\/me/, (route) => route.fulfill({ status: 500, contentType: "application/problem+json", body: '{"status":500,"code":"INTERNAL","requestId":"req_01hzy4q8n3c7"}' })),
    }),
    state("shell", "skip", "/webhooks", { act: (page) => page.keyboard.press("Tab") }),
    state("account", "ready", "/account"),
    state("gallery", "whole", "/gallery", { whole: true }),
    ...DOCS.map((path) => state("docs", path.slice(1) || "first", `/docs${path}`, nobody)),
    state("docs", "receiver-whole", "/docs/receiver", { ...nobody, whole: true }),
    state("explorer", "ready", "/graphql", nobody),
    state("explorer", "schema", "/graphql", {
      ...nobody,
      act: async (page) => {
        await press(page, "button[id*=schema], button:nth-of-type(2)");
      },
    }),
  ];
}
