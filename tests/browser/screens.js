// Pictures of every screen in its states: `cargo xtask screens` runs it. The first argument is the folder they go to, the
// second names one screen. A picture that cannot be taken is named in the end, and the others are there all the same.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { launch } from "./browser.js";
import { Camera, LANGUAGES } from "./pictures/camera.js";
import { index } from "./pictures/index.js";
import { seed } from "./pictures/seed.js";
import { states } from "./pictures/states.js";

const [folder, only = ""] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const [browser, here] = await Promise.all([launch(), seed()]);
const cameras = LANGUAGES.map((language) => new Camera(browser, here, folder, language));
const wanted = states(here).filter(({ screen, state }) => `${screen}-${state}`.startsWith(only));
try {
  await Promise.all(cameras.map(async (camera) => {
    for (const state of wanted) await camera.take(state);
  }));
} finally {
  await browser.close();
  await here.stop();
}
const taken = cameras.flatMap((camera) => camera.taken);
const missed = cameras.flatMap((camera) => camera.missed);
await writeFile(join(folder, "index.html"), index(taken));
console.log(`${taken.length} pictures in ${folder}`);
for (const { name, why } of missed) console.error(`no picture of ${name}: ${why}`);
process.exitCode = missed.length > 0 || taken.length === 0 ? 1 : 0;
