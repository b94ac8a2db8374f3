// Frameworks on the server: each takes what `bluehook/testing` makes, over a real socket.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const STATUSES = { valid: 204, duplicated: 204, rotated: 204, tampered: 401, expired: 401, future: 401, wrongSecret: 401, unsigned: 401 };

// What is refused on purpose is not told.
const SILENT = { onRefused: () => undefined };

export const rows = {
  "http.createServer": (given) => overHttp(given, (handler) => (request, response) => handler(request, response)),
  "express 5": (given) => overHttp(given, (handler, require) => require("express")().post("/", handler)),
  "express 5 after express.raw": (given) =>
    overHttp(given, (handler, require) => {
      const express = require("express");
      return express().post("/", express.raw({ type: "*/*", limit: 100_000 }), handler);
    }),
  "express 5 after express.json": (given) => withJson(given, "express"),
  "express 4": (given) => overHttp(given, (handler, require) => require("express4")().post("/", handler)),
  "express 4 after express.json": (given) => withJson(given, "express4"),
  "fastify 5": fastify,
  "koa 3": (given) =>
    overHttp(given, (handler, require) => {
      const Koa = require("koa");
      return new Koa().use(handler).callback();
    }),
  "koa 3, answered by its context": koaAnswers,
  "nestjs 11": nest,
  "what frameworks make of errors": uncaught,
  "lambda": lambda,
  hono,
  "next 16 route handler": (given) => next(given, "nodejs"),
  "next 16 on the edge": (given) => next(given, "edge"),
  "sveltekit 2": sveltekit,
  "fetch handler": fetchHandler,
};

async function parts({ project }) {
  const require = createRequire(join(project, "consumers/main.mjs"));
  const load = (name) => import(pathToFileURL(require.resolve(name)).href);
  const [testing, adapter] = [await load("bluehook/testing"), await load("bluehook/express")];
  return { require, load, testing, adapter };
}

async function koaAnswers(given) {
  const { require, testing, adapter } = await parts(given);
  const Koa = require("koa");
  const handled = [];
  const handler = adapter.webhookHandler(testing.SECRET, (event, _request, _response, context) => {
    handled.push(event.event);
    context.status = 202;
    context.body = { id: "mine" };
  });
  const server = createServer(new Koa().use(handler).callback());
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { body, headers } = testing.delivery("TODO_CREATED");
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`, { method: "POST", body, headers });
  assert.deepEqual([answer.status, await answer.json(), handled], [202, { id: "mine" }, ["TODO_CREATED"]]);
  server.close();
}

async function overHttp(given, mount) {
  const { require, testing, adapter } = await parts(given);
  const handled = [];
  const handle = (event) => void handled.push(event.event);
  const handler = adapter.webhookHandler(testing.SECRET, handle, { duplicates: adapter.memoryStore(), bodyLimit: 100_000, ...SILENT });
  const server = createServer(mount(handler, require));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await conversation(testing, handled, (delivery) => post(`http://127.0.0.1:${server.address().port}/`, delivery));
  } finally {
    server.close();
  }
}

// A parser that comes first loses the raw bytes: the receiver is told so, by an error of its own.
async function withJson(given, name) {
  const { require, testing, adapter } = await parts(given);
  const express = require(name);
  const errors = [];
  const app = express().use(express.json());
  app.post("/", adapter.webhookHandler(testing.SECRET, () => undefined, SILENT));
  app.use((error, _request, response, _next) => {
    errors.push(error);
    response.status(500).end();
  });
  const server = createServer(app);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const response = await post(`http://127.0.0.1:${server.address().port}/`, testing.delivery("TAG_CREATED"));
  server.close();
  assert.equal(response.status, 500);
  assert.equal(errors[0].code, "BODY_NOT_RAW");
  assert.match(errors[0].hint, /express\.raw/);
  return "told to pass the raw body";
}

async function fastify(given) {
  const { require, load, testing, adapter } = await parts(given);
  const { webhookPlugin } = await load("bluehook/fastify");
  const app = require("fastify")();
  const handled = [];
  const handle = (event) => void handled.push(event.event);
  app.register(webhookPlugin, { url: "/", secret: testing.SECRET, handle, duplicates: adapter.memoryStore(), bodyLimit: 100_000, ...SILENT });
  app.post("/json", async (request) => request.body);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  try {
    const others = await post(`${url}/json`, { body: '{"a":1}', headers: { "content-type": "application/json" } });
    assert.deepEqual(await others.json(), { a: 1 });
    return await conversation(testing, handled, (delivery) => post(url, delivery));
  } finally {
    await app.close();
  }
}

async function hono(given) {
  const { require, load, testing, adapter } = await parts(given);
  const { webhookHandler } = await load("bluehook/fetch");
  const handled = [];
  const handle = (event) => void handled.push(event.event);
  const handler = webhookHandler(testing.SECRET, handle, { duplicates: adapter.memoryStore(), bodyLimit: 100_000, ...SILENT });
  const app = new (require("hono").Hono)().post("/", handler);
  return conversation(testing, handled, ({ body, headers }) => app.request("http://localhost/", { method: "POST", body, headers }));
}

// As Nest's documentation has it: the raw body kept, the handler called with Express's pair.
async function nest(given) {
  const { require, testing, adapter } = await parts(given);
  require("reflect-metadata");
  const { Controller, Module, Post, Req, Res } = require("@nestjs/common");
  const { NestFactory } = require("@nestjs/core");
  const handled = [];
  const options = { duplicates: adapter.memoryStore(), bodyLimit: 100_000, ...SILENT };
  const handler = adapter.webhookHandler(testing.SECRET, (event) => void handled.push(event.event), options);
  class Hook {
    receive(request, response) {
      return handler(request, response);
    }
  }
  Req()(Hook.prototype, "receive", 0);
  Res()(Hook.prototype, "receive", 1);
  Post("/")(Hook.prototype, "receive", Object.getOwnPropertyDescriptor(Hook.prototype, "receive"));
  Controller()(Hook);
  class App {}
  Module({ controllers: [Hook] })(App);
  const app = await NestFactory.create(App, { rawBody: true, logger: false });
  app.useBodyParser("json", { limit: "1mb", strict: false });
  await app.listen(0, "127.0.0.1");
  try {
    return await conversation(testing, handled, (delivery) => post(`http://127.0.0.1:${app.getHttpServer().address().port}/`, delivery), true);
  } finally {
    await app.close();
  }
}

// A refusal of `verify` that nobody caught is what it says, and not a 500.
async function uncaught(given) {
  const { require, load, testing } = await parts(given);
  const { Webhook } = await load("bluehook");
  const verify = () => new Webhook(testing.SECRET).verify("{}", {});
  const servers = {
    express: () => createServer(require("express")().set("env", "test").post("/", verify)),
    koa: () => createServer(Object.assign(new (require("koa"))(), { silent: true }).use(verify).callback()),
    fastify: async () => {
      const app = require("fastify")();
      app.post("/", async () => verify());
      await app.ready();
      return app.server;
    },
    hapi: async () => {
      const server = require("@hapi/hapi").server({ host: "127.0.0.1", port: 0, debug: false });
      server.route({ method: "POST", path: "/", handler: verify });
      await server.initialize();
      return server.listener;
    },
  };
  for (const [name, make] of Object.entries(servers)) {
    const server = await make();
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { status } = await fetch(`http://127.0.0.1:${server.address().port}/`, { method: "POST" });
    server.closeAllConnections();
    server.close();
    assert.equal(status, 401, name);
  }
  return Object.keys(servers).join(", ");
}

// As API Gateway and function URLs call.
async function lambda(given) {
  const { load, testing } = await parts(given);
  const { Webhook } = await load("bluehook");
  const webhook = new Webhook(testing.SECRET);
  const handler = async (event) => {
    const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
    const found = webhook.inspect(body, event.headers);
    return { statusCode: found.valid ? 204 : 401 };
  };
  for (const isBase64Encoded of [true, false]) {
    for (const { body, headers, code } of Object.values(testing.deliveries("TODO_CREATED"))) {
      const event = { body: isBase64Encoded ? Buffer.from(body).toString("base64") : body, headers, isBase64Encoded };
      assert.equal((await handler(event)).statusCode, code === undefined ? 204 : 401);
    }
  }
  const { message } = webhook.inspect({ body: "{}", isBase64Encoded: false, headers: {} }, {});
  assert.match(message, /Lambda/);
  return "as base64 and as text";
}

// Built as for production, served by Next's own server.
async function next(given, runtime) {
  const { require, testing } = await parts(given);
  const dir = join(given.project, `next-${runtime}`);
  mkdirSync(join(dir, "app/webhook"), { recursive: true });
  writeFileSync(join(dir, "next.config.mjs"), `export default { turbopack: { root: ${JSON.stringify(given.here)} } };\n`);
  // Without JSX, which Next leaves alone below a node_modules.
  const layout = `import { createElement } from "react";
    export default ({ children }) => createElement("html", null, createElement("body", null, children));`;
  writeFileSync(join(dir, "app/layout.js"), layout);
  const route = `import { memoryStore, webhookHandler } from "bluehook/fetch";
    import { SECRET } from "bluehook/testing";
    const handled = [];
    const options = { duplicates: memoryStore(), bodyLimit: 100_000, onRefused: () => undefined };
    export const POST = webhookHandler(SECRET, (event) => void handled.push(event.event), options);
    export const GET = () => Response.json(handled);
    export const runtime = "${runtime}";
    export const dynamic = "force-dynamic";`;
  writeFileSync(join(dir, "app/webhook/route.js"), route);
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  execFileSync(process.execPath, [require.resolve("next/dist/bin/next"), "build", dir], { env, stdio: "pipe" });
  const app = require("next")({ dev: false, dir, hostname: "127.0.0.1" });
  await app.prepare();
  const server = createServer(app.getRequestHandler());
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/webhook`;
  try {
    return await conversation(testing, async () => (await fetch(url)).json(), (delivery) => post(url, delivery));
  } finally {
    await app.close();
    server.closeAllConnections();
    server.close();
  }
}

// As `npm create svelte` leaves it, with one endpoint; built, and served by what adapter-node makes of it.
async function sveltekit(given) {
  const { testing } = await parts(given);
  const dir = join(given.project, "sveltekit");
  mkdirSync(join(dir, "src/routes/webhook"), { recursive: true });
  const files = {
    "package.json": '{ "type": "module" }',
    "svelte.config.js": 'import adapter from "@sveltejs/adapter-node";\nexport default { kit: { adapter: adapter() } };\n',
    "vite.config.js": 'import { sveltekit } from "@sveltejs/kit/vite";\nexport default { plugins: [sveltekit()] };\n',
    "src/app.html": "<html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>",
    "src/routes/webhook/+server.js": `import { memoryStore, webhookHandler } from "bluehook/fetch";
      import { SECRET } from "bluehook/testing";
      const handled = [];
      const options = { duplicates: memoryStore(), bodyLimit: 100_000, onRefused: () => undefined };
      export const POST = webhookHandler(SECRET, (event) => void handled.push(event.event), options);
      export const GET = () => Response.json(handled);`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  execFileSync(process.execPath, [join(given.here, "node_modules/vite/bin/vite.js"), "build"], { cwd: dir, stdio: "pipe" });
  const { handler } = await import(pathToFileURL(join(dir, "build/handler.js")).href);
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/webhook`;
  try {
    return await conversation(testing, async () => (await fetch(url)).json(), (delivery) => post(url, delivery));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function fetchHandler(given) {
  const { load, testing, adapter } = await parts(given);
  const { webhookHandler } = await load("bluehook/fetch");
  const handled = [];
  const handle = (event) => void handled.push(event.event);
  const handler = webhookHandler(testing.SECRET, handle, { duplicates: adapter.memoryStore(), bodyLimit: 100_000, ...SILENT });
  assert.equal((await handler(new Request("http://localhost/"))).status, 405);
  const thrower = webhookHandler(testing.SECRET, () => Promise.reject(new Error("mine")));
  await assert.rejects(thrower(request(testing.delivery("TAG_CREATED"))), /mine/);
  const answering = webhookHandler(testing.SECRET, () => new Response("yes", { status: 201 }));
  assert.equal((await answering(request(testing.delivery("TAG_CREATED")))).status, 201);
  return conversation(testing, handled, (delivery) => handler(request(delivery)));
}

const request = ({ body, headers }) => new Request("http://localhost/", { method: "POST", body, headers });
const post = (url, { body, headers }) => fetch(url, { method: "POST", body, headers });

// `handled`: the events that the receiver handled, or how to ask for them. Every kind of delivery gets its status; a duplicate is answered, but handled once; what is too large is not read.
async function conversation(testing, handled, send, json = false) {
  for (const kind of testing.kinds) {
    const delivery = testing.delivery("TODO_CREATED", kind, { id: `dlv_${kind}` });
    const response = await send(delivery);
    assert.equal(response.status, STATUSES[kind], kind);
    if (response.status >= 400) assert.deepEqual(await response.json(), { code: delivery.code });
    if (kind === "duplicated") assert.ok((await send(delivery)).ok);
  }
  assert.deepEqual(typeof handled === "function" ? await handled() : handled, Array(3).fill("TODO_CREATED"));
  assert.equal((await send({ body: "{}", headers: { "content-type": "application/json", "x-signature": "no" } })).status, 401);
  assert.equal((await send(testing.healthCheck())).status, 204);
  // Where a parser keeps the raw body, it wants JSON.
  assert.equal((await send({ body: json ? JSON.stringify("x".repeat(200_000)) : "x".repeat(200_000), headers: { "content-type": "application/json" } })).status, 413);
  return `${testing.kinds.length} kinds of delivery`;
}
