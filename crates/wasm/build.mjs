// Makes `dist/` of the npm package from `js/` and the two wasm modules. Called by `cargo xtask build` with two folders: one
// that holds what wasm-bindgen gave (`verify/`, `preview/`) and what the core told (`texts.json`, `catalogue.json`, `schemas.json`), and
// the one of the package to be packed.

import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

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
const LIMITS = { "index.js": 26 * 1024, "preview.js": 64 * 1024 };
// An error prints the line that threw it: lines are broken after about so many characters.
const LINES = { code: 155, module: 160 };
// The byte that ends each block and function of a module.
const END = 0x0b;
// What tells Node's `import` of CommonJS the names of the exports: it does nothing else, so that minifying takes it away.
const NAMES = /^0 && \(module\.exports = \{[^}]*\}\);$/m;
// The variable that holds a module's text.
const MODULE = "TEXT_OF_THE_MODULE";

rmSync(staged, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
for (const kind of Object.keys(MODULES)) optimise(kind);
for (const [entry, kind, instance, name] of BUNDLES) await bundle(entry, kind, instance, name);
for (const name of ADAPTERS) await bundle(name, "verify", "inline", name);
writeTypes();
writePackage();
checkSizes();

function optimise(kind) {
  const wasmOpt = join(dirname(createRequire(import.meta.url).resolve("binaryen/package.json")), "bin/wasm-opt");
  const features = ["simd", "bulk-memory", "bulk-memory-opt", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];
  const flags = [...features.map((feature) => `--enable-${feature}`), "--flatten", "--rereloop", "-Oz", "-Oz", "--converge", "--strip-producers", "--strip-target-features"];
  const files = [join(bound, kind, "glue_bg.wasm"), "-o", join(dist, MODULES[kind])];
  execFileSync(process.execPath, [wasmOpt, ...flags, ...files], { stdio: ["ignore", "ignore", "inherit"] });
}

async function bundle(entry, kind, instance, name) {
  const formats = instance === "inline" || instance === "given" ? { esm: "js", cjs: "cjs" } : { esm: "js" };
  for (const [format, extension] of Object.entries(formats)) {
    const { outputFiles } = await build({
      entryPoints: [join(here, "js", `${entry}.js`)],
      write: false,
      bundle: true,
      external: ["bluehook", "bluehook/preview"],
      format,
      target: "es2022",
      // For Node esbuild also names the exports in a way that `import` of CommonJS understands.
      platform: format === "cjs" ? "node" : "neutral",
      minifyIdentifiers: true,
      minifySyntax: true,
      legalComments: "none",
      inject: [join(here, "js/utf8.js")],
      logLevel: "warning",
      plugins: [inside(kind, instance)],
    });
    // Lines are broken here, for a build breaks none where the code of two files meets.
    const { code } = await transform(outputFiles[0].text, { minifyWhitespace: true, lineLimit: LINES.code });
    const [names = ""] = outputFiles[0].text.match(NAMES) ?? [];
    const module = code.includes(MODULE) ? `var ${MODULE}=${literal(spelt(kind))};\n` : "";
    writeFileSync(join(dist, `${name}.${extension}`), module + code + names.replaceAll(/\s/g, ""));
  }
}

function spelt(kind) {
  return spell(readFileSync(join(dist, MODULES[kind])));
}

function carried(kind) {
  return `export const isFrequent = ${JSON.stringify(spelt(kind).isFrequent)}, text = () => ${MODULE};`;
}

// Resolves what is not beside the sources, or differs from bundle to bundle: how the module is found, the module itself.
function inside(kind, instance) {
  const beside = instance === "edge" ? `./${MODULES[kind]}?module` : `./${MODULES[kind]}`;
  return {
    name: "inside",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^#glue$/ }, () => ({ path: join(bound, kind, "glue.js"), sideEffects: false }));
      onResolve({ filter: /^#instance$/ }, () => ({ path: join(here, "js", INSTANCES[instance]) }));
      onResolve({ filter: /^#module$/ }, () => ({ path: beside, external: true }));
      onResolve({ filter: /^#texts$/ }, () => ({ path: join(bound, "texts.json") }));
      onResolve({ filter: /^#(catalogue|samples|schemas)$/ }, ({ path }) => ({ path, namespace: "told" }));
      onResolve({ filter: /^#bytes$/ }, () => ({ path: kind, namespace: "bytes" }));
      onLoad({ filter: /.*/, namespace: "bytes" }, () => ({ contents: carried(kind), loader: "js" }));
      onLoad({ filter: /.*/, namespace: "told" }, ({ path }) => ({ contents: tell(path.slice(1)), loader: "json" }));
    },
  };
}

// Bytes as ASCII: one character for each of the 89 most frequent bytes, two for the others. After gzip it is as large as the
// bytes are. Measured, the bundles with base64 of the module are 31.5 and 81.7 KB: gzip finds little that repeats in it. With
// base64 of the deflated module and an inflater inside (tiny-inflate, fflate) they are 28.5 and 65.3 KB, or more: the larger
// would keep to its limit, the smaller would not. The platforms inflate for us only asynchronously (`DecompressionStream`).
function spell(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const all = [...counts.keys()];
  const frequent = new Set(all.toSorted((a, b) => counts[b] - counts[a]).slice(0, 89));
  const isFrequent = all.map((byte) => Number(frequent.has(byte))).join("");
  const character = (rank) => String.fromCharCode(rank + 35);
  const spelling = new Array(256);
  all.sort((a, b) => isFrequent[b] - isFrequent[a]).forEach((byte, rank) => {
    spelling[byte] = rank < 89 ? character(rank) : character(88 + Math.floor(rank / 89)) + character(rank % 89);
  });
  return { isFrequent, end: `\\x${spelling[END].charCodeAt(0).toString(16)}`, text: Array.from(bytes, (byte) => spelling[byte]).join("") };
}

// A text as JavaScript spells it over several lines, which end with `end` where that is near: a line that ends anywhere hides
// from gzip what repeats.
function literal({ text, end }) {
  const characters = (most) => `(?:\\\\.|[^\\\\]){1,${most}}`;
  const lines = JSON.stringify(text).match(new RegExp(`${characters(LINES.module - 1)}${end}|${characters(LINES.module)}`, "g"));
  return lines.join("\\\n");
}

// What the core told of each event, in parts, so that who uses one carries one.
function tell(part) {
  const read = (name) => JSON.parse(readFileSync(join(bound, `${name}.json`), "utf8"));
  if (part === "schemas") return share("told", read(part));
  const events = read("catalogue");
  if (part === "samples") return share(part, Object.fromEntries(events.map(({ event, sample }) => [event, sample])));
  return JSON.stringify({ told: events.map(({ sample, ...about }) => about) });
}

// What the core told, with each object and list that occurs more than once held once (`js/shared.js` reads it).
function share(name, told) {
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
  return JSON.stringify({ [name]: put(told), shared });
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
