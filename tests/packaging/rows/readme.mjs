// The package's README: every snippet is compiled under `strict`, then run.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { transformSync } from "esbuild";

// What each snippet is run with, in their order; none is left out.
const SNIPPETS = [first, overExpress, overFastify, bySvelteAndNext, inWorker, inNest, inLambda, byName, onRedis, onPostgres];

export const rows = { "readme compiled": compiled, "readme run": ran };

function snippets({ project }) {
  const text = readFileSync(join(project, "node_modules/bluehook/README.md"), "utf8");
  const found = [...text.matchAll(/```(?:js|ts)\n(.*?)```/gs)].map(([, code]) => code);
  assert.equal(found.length, SNIPPETS.length, "snippets of the README");
  const folder = join(project, "readme");
  mkdirSync(folder, { recursive: true });
  return found.map((code, at) => {
    const file = join(folder, `${String(at)}.mts`);
    writeFileSync(file, code);
    return file;
  });
}

function compiled(given) {
  const files = snippets(given);
  const lib = ["es2022", "dom", "dom.iterable", "esnext.disposable"];
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, target: "es2022", lib, types: ["node"], module: "nodenext", experimentalDecorators: true };
  writeFileSync(join(given.project, "readme/tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  execFileSync(process.execPath, [join(given.here, "node_modules/typescript/bin/tsc"), "-p", join(given.project, "readme")], { encoding: "utf8", stdio: "pipe" });
  return `${files.length} snippets`;
}

async function ran(given) {
  const require = createRequire(join(given.project, "consumers/main.mjs"));
  require("reflect-metadata");
  const testing = await import(pathToFileURL(require.resolve("bluehook/testing")).href);
  process.env.BLUEHOOK_SECRET = testing.SECRET;
  const files = snippets(given);
  for (const [at, file] of files.entries()) {
    const tsconfigRaw = { compilerOptions: { experimentalDecorators: true } };
    const { code } = transformSync(readFileSync(file, "utf8"), { loader: "ts", format: "esm", target: "es2022", tsconfigRaw });
    const script = file.replace(".mts", ".mjs");
    writeFileSync(script, code);
    await SNIPPETS[at](await import(pathToFileURL(script).href), testing);
  }
  return `${files.length} snippets`;
}

const EVENT = "TODO_CREATED";
const request = ({ body, headers }) => new Request("http://localhost/webhook", { method: "POST", body, headers });

// Every kind of delivery gets the status that it deserves.
async function answers(testing, send) {
  for (const delivery of Object.values(testing.deliveries(EVENT))) {
    const { status } = await quietly(() => send(delivery));
    assert.equal(status < 300, delivery.code === undefined, `${delivery.kind}: ${status}`);
  }
}

async function listening(listener, testing) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/webhook`;
  await answers(testing, ({ body, headers }) => fetch(url, { method: "POST", body, headers }));
  server.close();
}

// What the snippets say on the console is theirs.
async function quietly(act) {
  const { log, warn } = console;
  console.log = console.warn = () => undefined;
  try {
    return await act();
  } finally {
    Object.assign(console, { log, warn });
  }
}

function first({ receive }, testing) {
  return answers(testing, ({ body, headers }) => {
    try {
      receive(body, new Headers(headers));
      return { status: 200 };
    } catch ({ status }) {
      return { status };
    }
  });
}

function overExpress({ app }, testing) {
  return listening(app, testing);
}

async function overFastify({ app }, testing) {
  await app.ready();
  await listening((given, response) => app.routing(given, response), testing);
  await app.close();
}

async function bySvelteAndNext({ POST }, testing) {
  await answers(testing, (delivery) => POST(request(delivery)));
  await answers(testing, (delivery) => POST({ request: request(delivery), params: {} }));
}

function inWorker({ default: worker }, testing) {
  return answers(testing, (delivery) => worker.fetch(request(delivery), { BLUEHOOK_SECRET: testing.SECRET }, {}));
}

function inNest({ WebhookController }, testing) {
  const controller = new WebhookController();
  return listening((given, response) => controller.post(given, response), testing);
}

function inLambda({ handler }, testing) {
  return answers(testing, async ({ body, headers }) => {
    const { statusCode } = await handler({ body: Buffer.from(body).toString("base64"), isBase64Encoded: true, headers });
    return { status: statusCode };
  });
}

function byName({ POST }, testing) {
  return answers(testing, (delivery) => POST(request(delivery)));
}

// What a store has to keep: claimed once, free after its release or the end of its lease, done for good.
async function isStore(store, pass) {
  assert.equal(await store.claim("a", 60), "CLAIMED");
  assert.equal(await store.claim("a", 60), "BUSY");
  assert.equal(await store.claim("b", 60), "CLAIMED");
  await store.release("a");
  assert.equal(await store.claim("a", 60), "CLAIMED");
  await pass(61);
  assert.equal(await store.claim("a", 60), "CLAIMED");
  await store.complete("a");
  assert.equal(await store.claim("a", 60), "DONE");
  await pass(61);
  assert.equal(await store.claim("a", 60), "DONE");
  assert.equal(await store.claim("b", 60), "CLAIMED");
}

// The three commands as Redis documents them, by a clock of its own.
function onRedis({ redisStore }) {
  let now = 0;
  const held = new Map();
  const get = async (key) => (held.get(key)?.until > now ? held.get(key).value : null);
  const set = async (key, value, { NX, EX }) => {
    if (NX && (await get(key)) !== null) return null;
    held.set(key, { value, until: now + EX });
    return "OK";
  };
  return isStore(redisStore({ get, set, del: async (key) => Number(held.delete(key)) }), (seconds) => (now += seconds));
}

// PostgreSQL itself, in this process. Time passes by moving what was noted into the past.
async function onPostgres({ postgresStore }) {
  const database = await PGlite.create();
  await database.exec("create table webhook_deliveries (id text primary key, done boolean not null, until timestamptz not null)");
  const query = async (text, values) => {
    const { rows, affectedRows } = await database.query(text, values);
    return { rows, rowCount: rows.length || affectedRows };
  };
  const pass = (seconds) => query("update webhook_deliveries set until = until - make_interval(secs => $1)", [seconds]);
  await isStore(postgresStore({ query }), pass);
  await database.close();
}
