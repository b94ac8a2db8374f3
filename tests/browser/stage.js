// What the tests of a file stand on: the program with a company in it, a browser, receivers. Begun before them, ended after.

import { after, before } from "node:test";

import { launch, open } from "./browser.js";
import { receiver } from "./receiver.js";
import { world } from "./world.js";

/** Screens, to which a sign-in link leads by itself. */
const SCREENS = /^\/(webhooks|account)/;

/**
 * `receivers` names receivers and what each answers with, a status or a status and a body;
 * `seed` does what comes before all tests.
 */
export function stage({ settings, receivers = {}, seed } = {}) {
  const here = {
    /** Opens a place of the app; signed in as Ada when nobody else is named, as nobody with `user: null`. */
    async open(path, { user = "ada", ...options } = {}) {
      const { browser, acme } = here;
      const signIn = user === null ? undefined : await acme.link(user, SCREENS.test(path) ? path : undefined);
      return open(browser, acme.url + path, { signIn, ...options });
    },
  };
  before(async () => {
    [here.acme, here.browser] = await Promise.all([world(settings), launch()]);
    for (const [name, answer] of Object.entries(receivers)) here[name] = await receiver(...[answer].flat());
    await seed?.(here);
  });
  after(async () => {
    await here.browser?.close();
    await Promise.all([here.acme, ...Object.keys(receivers).map((name) => here[name])].map((begun) => begun?.stop()));
  });
  return here;
}
