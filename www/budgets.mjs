// What the pages weigh, gzipped, against what they may. More fails the build.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const DIST = new URL("dist", import.meta.url).pathname;
const KB = 1024;

/** The list with its texts, and all that it needs. */
const FIRST_VIEW = 45 * KB;
/** What a screen has for itself: neither the first view nor another screen has it. */
const SCREEN = 12 * KB;
const CORE = 64 * KB;
/** All script but the core, with the longer texts: only one language is ever loaded. The gallery is nobody's screen. */
const SCRIPT = 110 * KB;

const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));
const screens = Object.keys(manifest).flatMap((key) => key.match(/^src\/screens\/([^/]+)\/\1\.svelte$/)?.[1] ?? []);
const isShown = (name) => name !== "gallery";
const isCore = (key) => /bluehook|npm\/package/.test(key);

const weight = (file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length;
const sum = (files) => [...files].reduce((whole, file) => whole + weight(file), 0);

/** A chunk's files, and those of the chunks that it imports. */
function files(key, found = new Set()) {
  const { file, css = [], imports = [] } = manifest[key];
  if (found.has(file)) return found;
  [file, ...css].forEach((name) => found.add(name));
  imports.forEach((imported) => files(imported, found));
  return found;
}

/** A screen's files, with its texts in the longer language. */
function screen(name) {
  const found = files(`src/screens/${name}/${name}.svelte`);
  const texts = ["en", "it"].map((language) => `src/screens/${name}/text/${language}.ts`).filter((key) => key in manifest);
  const heaviest = texts.sort((a, b) => weight(manifest[b].file) - weight(manifest[a].file))[0];
  return heaviest === undefined ? found : files(heaviest, found);
}

const base = new Set(["tokens.css", ...files("index.html"), ...files("src/text/it.ts")]);
const first = new Set([...base, ...screen("list")]);
const core = Object.keys(manifest).filter(isCore);
const scripts = Object.values(manifest).map(({ file }) => file).filter((file) => file.endsWith(".js"));
const coreFiles = new Set(core.map((key) => manifest[key].file));

/** Of two languages the shorter texts: nobody loads both. */
const unread = Object.keys(manifest)
  .filter((key) => key.endsWith("/text/en.ts"))
  .map((en) => [manifest[en].file, manifest[en.replace("en.ts", "it.ts")].file].sort((a, b) => weight(a) - weight(b))[0]);

const sets = new Map(screens.map((name) => [name, screen(name)]));

/** What only this screen loads. */
function own(name) {
  const others = [...sets].filter(([other]) => other !== name).flatMap(([, files]) => [...files]);
  return [...sets.get(name)].filter((file) => !first.has(file) && !others.includes(file));
}

const WHOLE = "all script but the core";

/** What people may come to load. */
const gallery = new Set(Object.keys(manifest).filter((key) => /screens\/gallery|pseudo/.test(key)).map((key) => manifest[key].file));
const script = new Set(scripts.filter((file) => !coreFiles.has(file) && !unread.includes(file) && !gallery.has(file)));

const measured = [
  ["first view (list)", sum(first), FIRST_VIEW],
  ...screens.filter((name) => name !== "list" && isShown(name)).map((name) => [name, sum(own(name)), SCREEN]),
  ["core", sum(coreFiles), CORE],
  [WHOLE, sum(script), SCRIPT],
];

if ([...first].some((file) => coreFiles.has(file) || file.endsWith(".wasm"))) throw new Error("the first view loads the core");
if (!existsSync(join(DIST, "tokens.css"))) throw new Error("tokens.css is missing");

for (const [name, bytes, most] of measured) {
  console.log(`${(bytes / KB).toFixed(1).padStart(7)} of ${most / KB} KB  ${name}`);
}
// The sum is told; what a person waits for gates.
const over = measured.filter(([name, bytes, most]) => bytes > most && name !== WHOLE);
if (over.length > 0) {
  for (const file of first) console.log(`${(weight(file) / KB).toFixed(2).padStart(7)}  ${file}`);
}
if (over.length > 0) throw new Error(`over budget: ${over.map(([name]) => name).join(", ")}`);
