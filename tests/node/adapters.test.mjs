// The adapters: what is answered, what is handled, and how often.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createServer as createHttp2, connect } from "node:http2";
import { test } from "node:test";
import { Webhook } from "bluehook";
import { webhookHandler as nodeHandler } from "bluehook/express";
import { memoryStore, webhookHandler } from "bluehook/fetch";
import { webhookPlugin } from "bluehook/fastify";
import { delivery, healthCheck, SECRET } from "bluehook/testing";

const silent = { onRefused: () => undefined };
const request = ({ body, headers }, more) => new Request("http://localhost/", { method: "POST", body, headers, ...more });
const nothing = () => undefined;

async function served(listener, talk) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await talk(({ body, headers }, more) => fetch(`http://127.0.0.1:${server.address().port}/`, { method: "POST", body, headers, ...more }));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a repeat that comes meanwhile is told to wait, and handled when the first fails", async () => {
  let end;
  const begun = [];
  const handle = () => new Promise((...ends) => void begun.push((end = ends)));
  const handler = webhookHandler(SECRET, handle, { duplicates: memoryStore(), leaseSeconds: 30, ...silent });
  const one = delivery("TODO_CREATED");
  const first = handler(request(one));
  while (begun.length === 0) await new Promise(setImmediate);
  const meanwhile = await handler(request(one));
  assert.equal(meanwhile.status, 409);
  assert.ok(Number(meanwhile.headers.get("retry-after")) > 25 && Number(meanwhile.headers.get("retry-after")) <= 30);
  end[1](new Error("mine"));
  await assert.rejects(first, /mine/);
  const second = handler(request(one));
  while (begun.length === 1) await new Promise(setImmediate);
  end[0]();
  assert.equal((await second).status, 204);
  assert.equal((await handler(request(one))).status, 200);
  assert.equal(begun.length, 2);
});

test("a claim ends by itself", async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const store = memoryStore({ seconds: 100 });
  assert.equal(store.claim("a", 60), "CLAIMED");
  assert.equal(store.claim("a", 60), "BUSY");
  context.mock.timers.tick(60_000);
  assert.equal(store.claim("a", 60), "CLAIMED");
  store.complete("a");
  assert.equal(store.claim("a", 60), "DONE");
  context.mock.timers.tick(100_000);
  assert.equal(store.claim("a", 60), "CLAIMED");
  store.release("a");
  assert.equal(store.claim("a", 60), "CLAIMED");
  const small = memoryStore({ max: 2 });
  for (const id of ["a", "b", "c"]) small.claim(id, 60);
  assert.deepEqual(["c", "a"].map((id) => small.claim(id, 60)), ["BUSY", "CLAIMED"]);
});

test("whatever is answered but 2xx frees the claim, and reaches the sender", async () => {
  let handled = 0;
  const answers = (status) => webhookHandler(SECRET, () => (handled++, new Response("mine", { status })), { duplicates: memoryStore() });
  for (const [status, times] of [[503, 2], [400, 2], [302, 2], [201, 1], [204, 1]]) {
    handled = 0;
    const handler = status === 204 ? webhookHandler(SECRET, () => void handled++, { duplicates: memoryStore() }) : answers(status);
    const one = delivery("TAG_CREATED");
    assert.equal((await handler(request(one))).status, status);
    await handler(request(one));
    assert.equal(handled, times, String(status));
  }
  for (const answer of [(response) => response.writeHead(503).end(), (response) => void (response.statusCode = 503)]) {
    handled = 0;
    const listener = nodeHandler(SECRET, (_event, _request, response) => (handled++, answer(response)), { duplicates: memoryStore() });
    await served(listener, async (post) => {
      const one = delivery("TAG_CREATED");
      for (let i = 0; i < 2; i++) assert.equal((await post(one)).status, 503);
    });
    assert.equal(handled, 2);
  }
});

test("a status that the framework set is not the handler's; the same one, set by the handler, is", async () => {
  for (const [chosen, expected] of [[undefined, 204], [404, 404], [202, 202]]) {
    const listener = nodeHandler(SECRET, (_event, _request, response) => void (chosen && (response.statusCode = chosen)), { duplicates: memoryStore() });
    await served((req, res) => listener({ req, res: Object.assign(res, { statusCode: 404 }) }), async (post) => {
      const one = delivery("TAG_CREATED");
      assert.equal((await post(one)).status, expected);
      assert.equal((await post(one)).status, expected === 404 ? 404 : 200);
    });
  }
});

test("a claim that has ended is not given back: it may be another's by now", async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const released = [];
  const duplicates = { ...memoryStore(), release: (id) => released.push(id) };
  const late = () => {
    context.mock.timers.tick(61_000);
    throw new Error("late");
  };
  await assert.rejects(webhookHandler(SECRET, late, { duplicates })(request(delivery("TAG_CREATED"))), /late/);
  assert.deepEqual(released, []);
  await assert.rejects(webhookHandler(SECRET, () => assert.fail("soon"), { duplicates })(request(delivery("TAG_CREATED"))), /soon/);
  assert.equal(released.length, 1);
});

test("of two that claimed one after the other, each gives back its own claim only", async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const ends = [];
  const handle = () => new Promise((_, fail) => void ends.push(fail));
  const handler = webhookHandler(new Webhook(SECRET, { toleranceSeconds: 3600 }), handle, { duplicates: memoryStore(), leaseSeconds: 60 });
  const one = delivery("TAG_CREATED");
  const begun = async (count) => {
    while (ends.length < count) await new Promise(setImmediate);
  };
  const first = handler(request(one));
  await begun(1);
  context.mock.timers.tick(61_000);
  const second = handler(request(one));
  await begun(2);
  ends[0](new Error("the first"));
  await assert.rejects(first, /the first/);
  const meanwhile = await handler(request(one));
  assert.deepEqual([meanwhile.status, meanwhile.headers.get("retry-after")], [409, "60"]);
  ends[1](new Error("the second"));
  await assert.rejects(second, /the second/);
  const third = handler(request(one));
  await begun(3);
  ends[2](new Error("the third"));
  await assert.rejects(third, /the third/);
});

test("a response is known by its shape; what is none is refused loudly", async () => {
  const foreign = { status: 202, headers: new Headers(), arrayBuffer: () => undefined, body: null };
  assert.equal(await webhookHandler(SECRET, () => foreign)(request(delivery("TAG_CREATED"))), foreign);
  for (const answer of [5, "text", {}, [], true]) {
    await assert.rejects(webhookHandler(SECRET, () => answer)(request(delivery("TAG_CREATED"))), /return a Response, or nothing/);
  }
});

test("a store that answers something else is refused; one that cannot note what was done does no harm", async () => {
  const store = (claim, more) => ({ claim: () => claim, complete: nothing, release: nothing, ...more });
  await assert.rejects(webhookHandler(SECRET, nothing, { duplicates: store(true) })(request(delivery("TAG_CREATED"))), /CLAIMED/);
  const errors = [];
  const { error } = console;
  console.error = (...said) => errors.push(said);
  try {
    const broken = store("CLAIMED", { complete: () => assert.fail("down") });
    assert.equal((await webhookHandler(SECRET, nothing, { duplicates: broken })(request(delivery("TAG_CREATED")))).status, 204);
  } finally {
    console.error = error;
  }
  assert.equal(errors.length, 1);
});

test("the probe is answered, and never handled", async () => {
  const handled = [];
  const handle = (event) => void handled.push(event);
  assert.equal((await webhookHandler(SECRET, handle)(request(healthCheck()))).status, 204);
  await served(nodeHandler(SECRET, handle), async (post) => assert.equal((await post(healthCheck())).status, 204));
  assert.deepEqual(handled, []);
});

test("what was passed wrong is told when the handler is made", () => {
  const webhook = new Webhook(SECRET);
  for (const make of [webhookHandler, nodeHandler]) {
    for (const [given, message] of [
      [[SECRET], /a function that handles/],
      [[SECRET, {}], /a function that handles/],
      [[SECRET, nothing, { requireTimestamp: "true" }], /requireTimestamp/],
      [[SECRET, nothing, { toleranceSecs: 1 }], /toleranceSecs/],
      [[SECRET, nothing, { bodyLimit: "1mb" }], /bodyLimit/],
      [[SECRET, nothing, { leaseSeconds: 0 }], /leaseSeconds/],
      [[SECRET, nothing, { onRefused: true }], /onRefused/],
      [[SECRET, nothing, { duplicates: { claim: nothing } }], /lacks complete, release/],
      [[SECRET, nothing, 5], /options/],
      [[webhook, nothing, { requireTimestamp: true }], /requireTimestamp belongs to the Webhook/],
      [[() => SECRET, nothing, { now: 5 }], /now/],
    ]) {
      assert.throws(() => make(...given), { name: "TypeError", message });
    }
    assert.throws(() => make("short", nothing), { code: "BAD_SECRET" });
    assert.ok(make(undefined, nothing));
  }
  assert.throws(() => memoryStore({ secs: 5 }), /secs/);
});

test("a secret for each request", async () => {
  const secrets = { "/a": SECRET, "/b": "another secret" };
  const handler = webhookHandler(async ({ url }) => secrets[new URL(url).pathname], nothing, silent);
  const to = (path, { body, headers }) => handler(new Request(`http://localhost${path}`, { method: "POST", body, headers }));
  const [one, other] = [delivery("TAG_CREATED"), delivery("TAG_CREATED", "valid", { secret: "another secret" })];
  const statuses = await Promise.all([to("/a", one), to("/b", other), to("/a", other), to("/b", one), to("/c", one)].map(async (answer) => (await answer).status));
  assert.deepEqual(statuses, [204, 204, 401, 401, 500]);
  const env = webhookHandler((_request, { WEBHOOK_SECRET }) => WEBHOOK_SECRET, nothing);
  assert.equal((await env(request(one), { WEBHOOK_SECRET: SECRET })).status, 204);
});

test("requests in the shapes of frameworks", async () => {
  const handled = [];
  const handler = webhookHandler(SECRET, (_event, given, ...rest) => void handled.push([given instanceof Request, rest.length]), silent);
  const shapes = {
    "a Request": (given) => [given],
    "Cloudflare's worker": (given) => [given, { env: 1 }, {}],
    "SvelteKit, Astro, Elysia, Pages": (given) => [{ request: given, params: {} }],
    "Hono": (given) => [{ req: { raw: given, method: "POST", header: () => "" } }, () => undefined],
    "h3, Fresh": (given) => [{ req: given }],
    "Next.js at the edge": (given) => [guarded(given, "request"), { params: {} }],
    "getters that throw": (given) => [guarded({ req: given }, "request")],
  };
  for (const [name, shape] of Object.entries(shapes)) assert.equal((await handler(...shape(request(delivery("TAG_CREATED"))))).status, 204, name);
  assert.deepEqual(handled, [[true, 0], [true, 2], [true, 1], [true, 2], [true, 1], [true, 1], [true, 1]]);
  const node = { method: "POST", headers: {}, on: nothing };
  const response = { setHeader: nothing, end: nothing };
  for (const [given, message] of [
    [[{}], /expected a Request/],
    [[undefined], /expected a Request/],
    [[node, response], /bluehook\/express/],
    [[{ req: node, res: response }], /bluehook\/express/],
    [[{ raw: {} }, { code: nothing, raw: {} }], /bluehook\/fastify/],
    [[{ body: "{}", headers: {} }], /Lambda/],
  ]) {
    await assert.rejects(handler(...given), { name: "TypeError", message });
  }
  const listener = nodeHandler(SECRET, nothing);
  await assert.rejects(listener(request(delivery("TAG_CREATED"))), /bluehook\/fetch/);
  await assert.rejects(listener({ raw: {} }, { code: nothing, raw: {} }), /bluehook\/fastify/);
  for (const context of [(req, res) => ({ req, res, request: {} }), (req, res) => ({ node: { req, res } })]) {
    await served((...pair) => listener(context(...pair)), async (post) => assert.equal((await post(delivery("TAG_CREATED"))).status, 204));
  }
});

// With a member that may not be looked at.
function guarded(object, name) {
  return Object.defineProperty(object, name, { get: () => assert.fail(`looked at ${name}`) });
}

test("raw bodies: kept, read, read as text, or gone", async () => {
  const gathered = async (incoming) => {
    const pieces = [];
    for await (const piece of incoming) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const listener = nodeHandler(SECRET, nothing, { bodyLimit: 100_000, ...silent });
  const cases = {
    kept: [async (incoming) => Object.assign(incoming, { rawBody: await gathered(incoming), body: {} }), 204],
    text: [(incoming) => incoming.setEncoding("utf8"), 204],
    "body as bytes": [async (incoming) => Object.assign(incoming, { body: await gathered(incoming) }), 204],
    parsed: [async (incoming) => Object.assign(incoming, { body: JSON.parse(await gathered(incoming)) }), 500],
    gone: [gathered, 500],
    "too large": [async (incoming) => Object.assign(incoming, { rawBody: Buffer.concat([await gathered(incoming), Buffer.alloc(100_000)]) }), 413],
  };
  for (const [name, [prepare, status]] of Object.entries(cases)) {
    const answer = await served(async (incoming, response) => {
      await prepare(incoming);
      return listener(incoming, response);
    }, (post) => post(delivery("TODO_CREATED")));
    assert.equal(answer.status, status, name);
    if (status === 500) assert.deepEqual(await answer.json(), { code: "BODY_NOT_RAW" });
  }
  const used = request(delivery("TAG_CREATED"));
  await used.text();
  assert.deepEqual(await (await webhookHandler(SECRET, nothing, silent)(used)).json(), { code: "BODY_NOT_RAW" });
});

test("over HTTP/2", async () => {
  const server = createHttp2(nodeHandler(SECRET, nothing, { bodyLimit: 100 }));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connect(`http://127.0.0.1:${server.address().port}`);
  const status = (headers, body) =>
    new Promise((resolve, reject) => {
      const stream = client.request(headers);
      stream.on("response", (answered) => resolve(answered[":status"]));
      stream.on("error", reject);
      stream.end(body);
    });
  assert.equal(await status({ ":method": "GET" }), 405);
  assert.equal(await status({ ":method": "POST", "content-length": 200 }, "x".repeat(200)), 413);
  client.destroy();
  server.close();
});

test("refusals are told on the console, a few a minute, without body or secret", async () => {
  const { warn } = console;
  const said = [];
  console.warn = (line) => said.push(line);
  try {
    const handler = webhookHandler(SECRET, nothing);
    for (let i = 0; i < 50; i++) await handler(request(delivery("TAG_CREATED", "tampered")));
  } finally {
    console.warn = warn;
  }
  assert.ok(said.length > 0 && said.length < 10, String(said.length));
  assert.match(said[0], /^bluehook: refused, SIGNATURE_MISMATCH: .*Nothing that was tried fits/);
  assert.ok(said.every((line) => !line.includes("\n") && !line.includes("tampered") && !line.includes(SECRET.slice(6))));
  const told = [];
  await webhookHandler(SECRET, nothing, { onRefused: (error) => told.push(error.code) })(request(delivery("TAG_CREATED", "unsigned")));
  assert.deepEqual(told, ["MISSING_SIGNATURE"]);
});

test("Fastify's options are refused by name", async () => {
  for (const [options, message] of [
    [{ secret: SECRET, handle: nothing }, /url/],
    [{ url: "/", secret: SECRET }, /a function that handles/],
    [{ url: "/", secret: SECRET, handle: nothing, duplicate: {} }, /duplicate/],
  ]) {
    await assert.rejects(webhookPlugin({}, options), { name: "TypeError", message });
  }
});
