// Makes `dist/` of the npm package from `js/` and the two wasm modules. Called by `cargo xtask build` with two folders: one
// that holds what wasm-bindgen gave (`verify/`, `preview/`) and what the core told (`texts.json`, `catalogue.json`, `schemas.json`), and
// the one of the package to be packed.

import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const [bound, staged] = process.argv.slice(2);
const dist = join(staged, "dist");

const INSTANCES = { inline: "instance/inline.js", workerd: "instance/module.js", edge: "instance/module.js", given: "instance/given.js" };
const MODULES = { verify: "bluehook.wasm", preview: "preview.wasm" };
// What stands on the package itself, and imports it by name.
const ADAPTERS = ["express", "fastify", "fetch", "testing"];
// What gets its own bundle: entry, wasm module, how the module is found, file.
const BUNDLES = [
  ["index", "verify", "inline", "index"],
  ["index", "verify", "workerd", "index.workerd"],
  ["index", "verify", "edge", "index.edge"],
  ["slim", "verify", "given", "slim"],
  ["preview", "preview", "inline", "preview"],
  ["preview", "preview", "workerd", "preview.workerd"],
  ["preview", "preview", "edge", "preview.edge"],
  ["schemas", "preview", "given", "schemas"],
];
// The most that importing an entry may cost, all in one file, in bytes after gzip.
const LIMITS = { "index.js": 16 * 1024, "preview.js": 64 * 1024 };

rmSync(staged, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
for (const kind of Object.keys(MODULES)) optimise(kind);
for (const [entry, kind, instance, name] of BUNDLES) await bundle(entry, kind, instance, name);
for (const name of ADAPTERS) await bundle(name, "verify", "inline", name);
writeTypes();
writePackage();
checkSizes();

function optimise(kind) {
  const out = join(dist, MODULES[kind]);
  keepOwn(join(bound, kind, "glue_bg.wasm"), out);
  writeFileSync(out, withoutPlaces(readFileSync(out)));
  const passes = ["--flatten", "--rereloop", "-Oz", "-Oz", "--converge", "--one-caller-inline-max-function-size=0", "--strip-producers", "--strip-target-features"];
  binaryen("wasm-opt", [out, ...passes, "-o", out]);
}

// A panic ends the instance without a word (`runtime.rs`), so the names of source files and what would be said are never
// read. Zeros take no room.
function withoutPlaces(module) {
  const unread = /\/(?:rustc|cargo)\/[\w./-]+\.rs|crates\/core\/[\w./-]+\.rs|range (?:start|end) index | out of range for slice of length |capacity overflow|mid > len|slice index starts at | but ends at |index out of bounds: the len is | but the index is |(?:insertion|removal) index \(is |should be <=? len \(is |reentrant init|internal error: entered unreachable code|Tried to shrink to a larger capacity/g;
  return Buffer.from(module.toString("latin1").replace(unread, (text) => "\0".repeat(text.length)), "latin1");
}

function binaryen(tool, given) {
  const bin = join(dirname(createRequire(import.meta.url).resolve("binaryen/package.json")), "bin");
  const features = ["simd", "bulk-memory", "bulk-memory-opt", "nontrapping-float-to-int", "sign-ext", "mutable-globals"];
  const flags = [...features, "reference-types", "multivalue"].map((feature) => `--enable-${feature}`);
  execFileSync(process.execPath, [join(bin, tool), ...flags, ...given], { stdio: ["ignore", "ignore", "inherit"] });
}

// Without what wasm-bindgen's glue would have used, a module needs no glue, and imports at most the clock.
function keepOwn(module, out) {
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(module))).map(({ name }) => name);
  const own = exported.filter((name) => !name.startsWith("__"));
  const graph = [{ name: "root", root: true, reaches: own }, ...own.map((name) => ({ name, export: name }))];
  const file = join(bound, "exports.json");
  writeFileSync(file, JSON.stringify(graph));
  binaryen("wasm-metadce", [module, "--graph-file", file, "-o", out]);
}

async function bundle(entry, kind, instance, name) {
  const formats = instance === "inline" || instance === "given" ? { esm: "js", cjs: "cjs" } : { esm: "js" };
  for (const [format, extension] of Object.entries(formats)) {
    await build({
      entryPoints: [join(here, "js", `${entry}.js`)],
      outfile: join(dist, `${name}.${extension}`),
      bundle: true,
      external: ["bluehook", "bluehook/preview"],
      format,
      target: "es2022",
      // For Node esbuild also names the exports in a way that `import` of CommonJS understands.
      platform: format === "cjs" ? "node" : "neutral",
      minifySyntax: true,
      minifyWhitespace: true,
      minifyIdentifiers: true,
      legalComments: "none",
      define: { ASKS_THE_TIME: String(kind === "preview") },
      logLevel: "warning",
      plugins: [inside(kind, instance)],
    });
  }
}

// Resolves what is not beside the sources, or differs from bundle to bundle: how the module is found, the module itself.
function inside(kind, instance) {
  const module = instance === "edge" ? `./${MODULES[kind]}?module` : `./${MODULES[kind]}`;
  return {
    name: "inside",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^#glue$/ }, () => ({ path: join(here, "js/glue.js"), sideEffects: false }));
      onResolve({ filter: /^#instance$/ }, () => ({ path: join(here, "js", INSTANCES[instance]) }));
      onResolve({ filter: /^#module$/ }, () => ({ path: module, external: true }));
      onResolve({ filter: /^#texts$/ }, () => ({ path: join(bound, "texts.json") }));
      onResolve({ filter: /^#(catalogue|schemas)$/ }, ({ path }) => ({ path: join(bound, `${path.slice(1)}.json`), namespace: "shared" }));
      onResolve({ filter: /^#bytes$/ }, () => ({ path: kind, namespace: "bytes" }));
      onLoad({ filter: /.*/, namespace: "bytes" }, () => ({ contents: spell(readFileSync(join(dist, MODULES[kind]))), loader: "js" }));
      onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({ contents: share(JSON.parse(readFileSync(path, "utf8"))), loader: "json" }));
    },
  };
}

// Bytes as ASCII text: one character for each of the 89 most frequent bytes, two for the others. After gzip it is as small as
// the bytes themselves, where base64 would be a third larger.
function spell(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const all = [...counts.keys()];
  const frequent = all.toSorted((a, b) => counts[b] - counts[a]).slice(0, 89).sort((a, b) => a - b);
  const order = [...frequent, ...all.filter((byte) => !frequent.includes(byte))];
  const character = (rank) => String.fromCharCode(rank + 35);
  const spelling = order.map((_, rank) => (rank < 89 ? character(rank) : character(88 + Math.floor(rank / 89)) + character(rank % 89)));
  const byByte = [];
  order.forEach((byte, rank) => (byByte[byte] = spelling[rank]));
  const text = Array.from(bytes, (byte) => byByte[byte]).join("");
  const steps = frequent.map((byte, i) => byte - (frequent[i - 1] ?? 0));
  return `export const length = ${bytes.length}, steps = ${JSON.stringify(steps)}, text = ${JSON.stringify(text)};`;
}

// What the core told, with each object and list that occurs more than once held once (`js/shared.js` reads it).
function share(told) {
  const uses = new Map();
  (function count(value) {
    if (typeof value !== "object" || value === null) return;
    const text = JSON.stringify(value);
    uses.set(text, (uses.get(text) ?? 0) + 1);
    if (uses.get(text) === 1) Object.values(value).forEach(count);
  })(told);
  const shared = [];
  const places = new Map();
  const parts = (value) =>
    Array.isArray(value) ? value.map(put) : Object.fromEntries(Object.entries(value).map(([name, member]) => [name, put(member)]));
  function put(value) {
    if (typeof value !== "object" || value === null) return value;
    const text = JSON.stringify(value);
    if (uses.get(text) === 1) return parts(value);
    if (!places.has(text)) places.set(text, shared.push(parts(value)) - 1);
    return { "": places.get(text) };
  }
  return JSON.stringify({ told: put(told), shared });
}

// The types, once for `import` and once for `require`. Those of the events were made from the core's schemas.
function writeTypes() {
  cpSync(join(here, "types"), dist, { recursive: true });
  copyFileSync(join(bound, "events.d.ts"), join(dist, "events.d.ts"));
  for (const file of readdirSync(dist).filter((name) => name.endsWith(".d.ts"))) {
    const types = readFileSync(join(dist, file), "utf8");
    writeFileSync(join(dist, file.replace(/\.d\.ts$/, ".d.cts")), types.replaceAll(/(from "\.\/[\w-]+)\.js"/g, '$1.cjs"'));
  }
}

function writePackage() {
  const { devDependencies, scripts, ...manifest } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
  writeFileSync(join(staged, "package.json"), JSON.stringify(manifest, null, 2) + "\n");
  copyFileSync(join(here, "README.md"), join(staged, "README.md"));
  for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(join(here, "../..", licence), join(staged, licence));
}

function checkSizes() {
  for (const [file, limit] of Object.entries(LIMITS)) {
    const size = gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
    console.log(`${relative(staged, join(dist, file))}: ${size} bytes gzipped, of ${limit}`);
    if (size > limit) throw new Error(`${file} is larger than its limit`);
  }
}
