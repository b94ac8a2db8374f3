// The matrix: the packed package, installed without a network, in every runtime and bundler that is at hand. `node run.mjs`
// runs every row, `node run.mjs NAME…` some; the last line says how many passed.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const project = join(here, "node_modules/.matrix");
const { version } = JSON.parse(readFileSync(join(here, "../../crates/wasm/package.json"), "utf8"));
const packed = join(here, `../../target/npm/bluehook-${version}.tgz`);

// What the project has besides the package.
const SEEN = ["express", "express4", "fastify", "hono", "koa", "@hapi", "@nestjs", "reflect-metadata", "redis", "@redis", "svelte", "@sveltejs", "vitest", "@types"];

prepare();
const chosen = process.argv.slice(2);
const files = readdirSync(join(here, "rows")).sort();
let failed = 0;
let passed = 0;
for (const file of files) {
  const { rows } = await import(`./rows/${file}`);
  for (const [name, run] of Object.entries(rows)) {
    if (chosen.length === 0 || chosen.includes(name)) await row(name, run);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

// A project of its own: the package is installed into it from the packed file, the tools are those of this folder.
function prepare() {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(join(project, "node_modules"), { recursive: true });
  cpSync(join(here, "consumers"), join(project, "consumers"), { recursive: true });
  cpSync(join(here, "../vectors"), join(project, "vectors"), { recursive: true });
  if (!existsSync(packed)) throw new Error("the package is not built: cargo xtask package");
  const npm = ["install", "--prefix", project, "--no-save", "--no-package-lock", "--offline", "--ignore-scripts", packed];
  execFileSync("npm", npm, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, npm_config_loglevel: "error" } });
  for (const name of SEEN) {
    symlinkSync(join(here, "node_modules", name), join(project, "node_modules", name));
  }
}

async function row(name, run) {
  const from = Date.now();
  try {
    const said = await run({ here, project, packed });
    passed += 1;
    console.log(`ok    ${name.padEnd(28)} ${String(said ?? "").trim().split("\n").at(-1)} (${Date.now() - from} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.stdout ?? ""}${error.stderr ?? ""}${error.stack}`);
  }
}
