// Whoever holds it wrong is told how to hold it right.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect as print } from "node:util";
import { runInNewContext } from "node:vm";
import * as bluehook from "bluehook";

const { Webhook, WebhookVerificationError } = bluehook;
const require = createRequire(import.meta.url);
const SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const BODY = '{"event":"TODO_CREATED","currentValue":{"title":"Caffè"}}';
const webhook = new Webhook(SECRET);
const signed = webhook.sign(BODY);

function told(body, headers, code, message) {
  const found = webhook.inspect(body, headers);
  assert.equal(found.code, code);
  assert.match(found.message, message);
}

test("bodies and headers that are something else", () => {
  const event = { body: BODY, headers: signed, isBase64Encoded: false, requestContext: {} };
  told(event, event.headers, "BODY_NOT_RAW", /Lambda/);
  told(signed, BODY, "BODY_NOT_RAW", /swapped/);
  told(new Headers(signed), BODY, "BODY_NOT_RAW", /swapped/);
  told([Buffer.from(BODY)], signed, "BODY_NOT_RAW", /Buffer\.concat/);
  told(JSON.parse(JSON.stringify(Buffer.from(BODY))), signed, "BODY_NOT_RAW", /went through JSON/);
  told(BODY, Promise.resolve(signed), "MISSING_SIGNATURE", /await headers\(\)/);
  told(BODY, { method: "POST", headers: signed }, "MISSING_SIGNATURE", /whole request/);
  told(BODY, event, "MISSING_SIGNATURE", /Lambda/);
  told(BODY, Buffer.from(BODY), "MISSING_SIGNATURE", /swapped/);
  told(BODY, undefined, "MISSING_SIGNATURE", /No headers were passed/);
  const raw = Object.entries(signed).flat();
  assert.equal(webhook.inspect(BODY, raw).valid, true);
});

test("memory that was handed on, shared, or may be resized", () => {
  const bytes = new TextEncoder().encode(BODY);
  const gone = Uint8Array.from(bytes);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  told(gone, signed, "BODY_NOT_RAW", /handed on/);
  told(gone.buffer, signed, "BODY_NOT_RAW", /handed on/);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  const resizable = new ArrayBuffer(bytes.length, { maxByteLength: 1000 });
  new Uint8Array(resizable).set(bytes);
  for (const body of [shared, new Uint8Array(shared), resizable, new Uint8Array(resizable)]) {
    assert.equal(webhook.verify(body, signed).event, "TODO_CREATED");
  }
});

test("inspect never throws, whatever it looks at", () => {
  const throwing = new Proxy({}, { get: () => assert.fail("looked"), ownKeys: () => assert.fail("looked"), getPrototypeOf: () => assert.fail("looked") });
  const getter = { get "webhook-id"() { throw new Error("mine"); } };
  const endless = { *[Symbol.iterator]() { for (;;) yield ["a", "b"]; } };
  const odd = [throwing, getter, endless, { get: () => assert.fail("asked") }, [[Symbol("a"), "b"]], [null], [[{ toString: 5 }, 1]], new Map([[{}, {}]])];
  for (const headers of odd) assert.equal(webhook.inspect(BODY, headers).valid, false);
  for (const body of [throwing, getter, Symbol("a"), 5n, () => 1, new Proxy(Buffer.from(BODY), {})]) assert.equal(webhook.inspect(body, signed).code, "BODY_NOT_RAW");
  for (const now of [() => NaN, () => "x", () => assert.fail("asked"), () => Symbol("a")]) assert.equal(new Webhook(SECRET, { now }).inspect(BODY, signed).valid, false);
});

test("options are refused by name", () => {
  for (const [options, message] of [
    [{ requireTimestamp: "true" }, /requireTimestamp: expected true or false, found a string/],
    [{ tolerance: 5 }, /no option is called tolerance/],
    [{ toleranceSeconds: -1 }, /toleranceSeconds/],
    [{ toleranceSeconds: NaN }, /toleranceSeconds/],
    [{ toleranceSeconds: "300" }, /toleranceSeconds/],
    [{ now: 5 }, /now: expected a function/],
    [null, /options/],
    [300, /options/],
  ]) {
    assert.throws(() => new Webhook(SECRET, options), { name: "TypeError", message });
  }
  assert.ok(new Webhook(SECRET, { toleranceSeconds: undefined, requireTimestamp: undefined, now: undefined }));
});

test("a secret that is absent is refused at the first request, by name; a function is asked for each", () => {
  for (const missing of [undefined, null, "", [undefined], [SECRET, undefined], ["", SECRET], [null, null]]) {
    const late = new Webhook(missing);
    assert.throws(() => late.verify(BODY, signed), { code: "BAD_SECRET", message: /no secret was given.*environment/ });
    assert.equal(late.inspect(BODY, signed).code, "BAD_SECRET");
    assert.throws(() => late.sign(BODY), { code: "BAD_SECRET" });
  }
  let secret;
  const asked = new Webhook(() => secret);
  assert.equal(asked.inspect(BODY, signed).code, "BAD_SECRET");
  secret = SECRET;
  assert.equal(asked.verify(BODY, signed).event, "TODO_CREATED");
  secret = ["another secret", SECRET];
  assert.equal(asked.inspect(BODY, signed).secretIndex, 1);
  secret = Promise.resolve(SECRET);
  assert.match(asked.inspect(BODY, signed).message, /promise/);
  const thrower = new Webhook(() => { throw new Error("mine"); });
  assert.equal(thrower.inspect(BODY, signed).code, "BAD_SECRET");
  assert.match(print(thrown(() => thrower.verify(BODY, signed))), /error\.cause[^]*cause: Error: mine/);
  // The hint is about the secret that was tried.
  for (const later of [[undefined], ["another secret"], [() => assert.fail("asked again")]]) {
    const given = [`"${SECRET}"`, ...later];
    const once = new Webhook(() => (typeof given[0] === "function" ? given[0]() : given.shift()));
    assert.match(once.inspect(BODY, signed).hint, /quotes around it/);
  }
});

test("the time is asked each time", (context) => {
  const early = new Webhook(SECRET);
  context.mock.timers.enable({ apis: ["Date"], now: 1_000_000_000_000 });
  assert.equal(early.sign(BODY)["webhook-timestamp"], "1000000000");
  assert.equal(early.inspect(BODY, signed).code, "TIMESTAMP_TOO_NEW");
});

test("methods that are taken off the object, or called through a proxy", () => {
  const { verify, inspect, sign } = webhook;
  assert.equal(verify(BODY, sign(BODY)).event, "TODO_CREATED");
  assert.equal(inspect(BODY, signed).valid, true);
  assert.equal(new Proxy(webhook, {}).verify(BODY, signed).event, "TODO_CREATED");
  class Counting extends Webhook {
    count = 0;
    verify(...given) {
      this.count += 1;
      return super.verify(...given);
    }
  }
  const counting = new Counting(SECRET);
  counting.verify(BODY, signed);
  assert.equal(counting.count, 1);
});

test("what verify would refuse is not signed", () => {
  for (const id of ["", " ", "a.b", " a", "a ", "a\nb", "☕", "x".repeat(70_000), 7, {}]) assert.throws(() => webhook.sign(BODY, { id }), { name: "TypeError", message: /^id: / });
  for (const timestamp of [-1, 1.5, NaN, Infinity, "now", new Date(NaN), 2 ** 60]) assert.throws(() => webhook.sign(BODY, { timestamp }), { name: "TypeError", message: /^timestamp: / });
  assert.throws(() => webhook.sign({}), { code: "BODY_NOT_RAW" });
  assert.throws(() => webhook.sign(BODY, { ID: "a" }), /no option is called ID/);
  for (const id of ["a", "a b", "dlv_é", "-"]) assert.equal(webhook.inspect(BODY, webhook.sign(BODY, { id })).valid, true);
});

test("errors answer across formats and copies, and lose nothing on their way", () => {
  const other = require("bluehook");
  const error = thrown(() => other.Webhook.prototype.verify.call(new other.Webhook(SECRET), BODY, {}));
  assert.ok(error instanceof WebhookVerificationError && error instanceof other.WebhookVerificationError && error instanceof Error);
  assert.ok(!(new Error("x") instanceof WebhookVerificationError) && !(null instanceof WebhookVerificationError));
  class Own extends WebhookVerificationError {}
  assert.ok(!(error instanceof Own) && new Own("BAD_SECRET", "x") instanceof WebhookVerificationError);
  assert.match(structuredClone(error).message, /No signature header arrived/);
  assert.match(error.stack, /No signature header arrived/);
  assert.deepEqual([error.status, error.statusCode, error.output.statusCode, error.isBoom], [401, 401, 401, true]);
  assert.deepEqual([new Webhook(undefined), "", undefined].map((at) => at && thrown(() => at.verify(BODY, signed)).status).filter(Boolean), [500]);
});

test("CommonJS told to `import` has the names that the module has", async () => {
  for (const entry of ["bluehook", "bluehook/preview", "bluehook/schemas", "bluehook/slim", "bluehook/express", "bluehook/fastify", "bluehook/fetch", "bluehook/testing"]) {
    const names = async (address) => Object.keys(await import(address)).filter((name) => name !== "default" && name !== "module.exports").sort();
    assert.deepEqual(await names(pathToFileURL(require.resolve(entry)).href), await names(entry), entry);
  }
});

test("an uncaught refusal prints the user's line, and no packed module", () => {
  const script = `import { Webhook } from "bluehook";\nnew Webhook(undefined).verify("{}", {});`;
  const printed = thrown(() => execFileSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: import.meta.dirname, encoding: "utf8", stdio: "pipe" })).stderr;
  assert.ok(printed.length < 2_000, printed);
  assert.match(printed, /is the variable set\?\n +at file:\/\/\/[^\n]*eval/);
  const dist = dirname(require.resolve("bluehook"));
  for (const file of readdirSync(dist).filter((name) => /\.c?[jt]s$/.test(name))) {
    const longest = Math.max(...readFileSync(join(dist, file), "utf8").split("\n").map((line) => line.length));
    assert.ok(longest <= 200, `${file}: a line of ${longest}`);
  }
});

test("without WebAssembly the import works, and one error says what to do", () => {
  const script = `
    import { Webhook, changes } from "bluehook";
    import { events, preview } from "bluehook/preview";
    const webhook = new Webhook("${SECRET}");
    console.log(events.length, changes({}).length, webhook.inspect("{}", {}).code);
    try { webhook.verify("{}", {}) } catch (error) { console.log(error.code, error.status, error.message) }
    try { preview({ webhook: {}, event: {} }) } catch (error) { console.log(error.code) }`;
  const said = execFileSync(process.execPath, ["--jitless", "--input-type=module", "--eval", script], { cwd: import.meta.dirname, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  assert.match(said, /^37 0 NO_WEBASSEMBLY\nNO_WEBASSEMBLY 500 .*WebAssembly.*'wasm-unsafe-eval'.*bluehook\/slim.*\nNO_WEBASSEMBLY\n$/);
});

test("without TextEncoder and TextDecoder, as in jsdom", () => {
  const code = readFileSync(require.resolve("bluehook"), "utf8");
  const sandbox = { module: { exports: {} }, WebAssembly, Uint8Array, ArrayBuffer, crypto, btoa, atob };
  runInNewContext(code, sandbox);
  const bare = new sandbox.module.exports.Webhook(SECRET);
  const body = JSON.stringify({ text: "é☕😀".repeat(30_000), lone: "\ud800" });
  assert.equal(webhook.inspect(Buffer.from(body.replace("\ud800", "\ufffd")), bare.sign(body)).valid, true);
  assert.equal(bare.inspect(Buffer.from(BODY), signed).valid, true);
  assert.equal(bare.inspect(Buffer.from([0x22, 0xff]), bare.sign(Buffer.from([0x22, 0xff]))).code, "BODY_NOT_JSON");
});

function thrown(act) {
  try {
    act();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}
