// Bundlers, for servers and for browsers.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import * as vite8 from "vite";
import * as vite5 from "vite5";
import webpack from "webpack";

export const rows = {
  "esbuild, ESM server": (given) => esbuild(given, "esm", "mjs"),
  "esbuild, CommonJS server": (given) => esbuild(given, "cjs", "cjs"),
  "webpack 5, Chromium": webpack5,
  "vite 8 build, Chromium": (given) => viteBuilt(given, vite8, "vite8"),
  "vite 8 dev, Chromium": (given) => viteDev(given, vite8, "vite8"),
  "vite 5 build, Chromium": (given) => viteBuilt(given, vite5, "vite5"),
  "vite 5 dev, Chromium": (given) => viteDev(given, vite5, "vite5"),
  "import map, Chromium": importMap,
};

async function esbuild({ project }, format, extension) {
  const outfile = join(project, `server.${extension}`);
  await build({ entryPoints: [join(project, "consumers/main.mjs")], outfile, bundle: true, minify: true, format, platform: "node", logLevel: "error" });
  return execFileSync(process.execPath, [outfile], { encoding: "utf8", stdio: "pipe" });
}

async function webpack5({ project }) {
  const path = join(project, "webpack");
  const options = { mode: "production", context: project, entry: "./consumers/page.mjs", output: { path, filename: "page.js" } };
  const stats = await new Promise((resolve, reject) => webpack(options, (error, stats) => (error ? reject(error) : resolve(stats))));
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
  writeFileSync(join(path, "index.html"), '<script type="module" src="./page.js"></script>');
  return inChromium(path);
}

function viteRoot(project, name) {
  const root = join(project, name);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "index.html"), '<script type="module" src="./page.mjs"></script>');
  writeFileSync(join(root, "page.mjs"), 'import "../consumers/page.mjs";');
  return root;
}

async function viteBuilt({ project }, vite, name) {
  const root = viteRoot(project, name);
  await vite.build({ root, base: "./", logLevel: "error", configFile: false, build: { outDir: "dist" } });
  return inChromium(join(root, "dist"));
}

async function viteDev({ project }, vite, name) {
  const root = viteRoot(project, name);
  const server = await vite.createServer({ root, logLevel: "error", configFile: false, server: { port: 0, host: "127.0.0.1", fs: { allow: [project] } } });
  try {
    await server.listen();
    return await titleOf(server.resolvedUrls.local[0]);
  } finally {
    await server.close();
  }
}

// No bundler: the files as they are, under a policy that allows wasm and nothing else.
function importMap({ project }) {
  const entries = { bluehook: "index", "bluehook/preview": "preview", "bluehook/schemas": "schemas" };
  const imports = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, `./node_modules/bluehook/dist/${file}.js`]));
  const page = `<script type="importmap">${JSON.stringify({ imports })}</script><script type="module" src="./consumers/page.mjs"></script>`;
  writeFileSync(join(project, "index.html"), page);
  return inChromium(project);
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };

async function inChromium(folder) {
  const server = createServer((request, response) => {
    try {
      const path = new URL(request.url, "http://localhost").pathname;
      const body = readFileSync(join(folder, path === "/" ? "index.html" : path));
      response.setHeader("content-type", TYPES[extname(path)] ?? "text/html");
      response.setHeader("content-security-policy", "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'");
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await titleOf(`http://127.0.0.1:${server.address().port}/`);
  } finally {
    server.close();
  }
}

async function titleOf(url) {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  try {
    const page = await browser.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto(url);
    await page.waitForFunction(() => document.title !== "", undefined, { timeout: 20_000 }).catch((error) => problems.push(error.message));
    const title = await page.title();
    if (!title.includes(" previews")) throw new Error([title, ...problems].join("\n"));
    return title;
  } finally {
    await browser.close();
  }
}
