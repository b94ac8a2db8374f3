import assert from "node:assert/strict";
import { inspect as print } from "node:util";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { Webhook, WebhookVerificationError } from "bluehook";

const SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const BODY = '{"event":"TODO_CREATED","currentValue":{"title":"Caffè ☕"}}';
const webhook = new Webhook(SECRET);
const signed = webhook.sign(BODY);
const { "x-signature": xSignature } = signed;

function refused(body, headers, code, hint = /./) {
  assert.throws(() => webhook.verify(body, headers), (error) => {
    assert.ok(error instanceof WebhookVerificationError);
    assert.equal(error.name, "WebhookVerificationError");
    assert.equal(error.code, code);
    assert.match(String(error.hint), hint);
    return true;
  });
  const found = webhook.inspect(body, headers);
  assert.equal(found.valid, false);
  assert.equal(found.code, code);
}

test("bodies in every form", () => {
  const bytes = new TextEncoder().encode(BODY);
  const padded = new Uint8Array([0, ...bytes, 0]).subarray(1, -1);
  for (const body of [BODY, bytes, Buffer.from(BODY), bytes.buffer, new DataView(bytes.buffer), padded, runInNewContext("new Uint8Array(bytes)", { bytes }).buffer]) {
    assert.deepEqual(webhook.verify(body, signed), JSON.parse(BODY));
  }
});

test("headers in every form", () => {
  const upper = Object.fromEntries(Object.entries(signed).map(([name, value]) => [name.toUpperCase(), value]));
  const lists = Object.fromEntries(Object.entries(signed).map(([name, value]) => [name, [value]]));
  const nodes = { host: "localhost", "set-cookie": [], ...signed };
  const foreign = runInNewContext("new Map(entries)", { entries: Object.entries(upper) });
  const number = { ...signed, "webhook-timestamp": Number(signed["webhook-timestamp"]) };
  const bare = Object.assign(Object.create(null), upper);
  for (const headers of [signed, upper, lists, nodes, foreign, number, bare, new Headers(signed), new Map(Object.entries(upper)), Object.entries(upper)]) {
    assert.deepEqual(webhook.inspect(BODY, headers), { valid: true, scheme: "standard", secretIndex: 0, replayProtected: true });
  }
  for (const headers of [{ "X-Signature": xSignature }, new Headers({ "X-Signature": xSignature })]) {
    assert.deepEqual(webhook.inspect(BODY, headers), { valid: true, scheme: "x-signature", secretIndex: 0, replayProtected: false });
  }
});

test("what is no set of headers has no signature", () => {
  for (const headers of [undefined, null, {}, [], new Headers(), new Map(), "text", 7, { "x-signature": undefined }]) {
    refused(BODY, headers, "MISSING_SIGNATURE", /No signature header|No headers were passed|Headers are an object/);
  }
});

test("odd header values are malformed, never an exception of another type", () => {
  for (const value of ["", {}, true, 7, ["a", "b"], "\0", "=", "x".repeat(100_000), Symbol.iterator, () => 1, "\ud800"]) {
    refused(BODY, { "x-signature": value }, "MALFORMED_SIGNATURE");
    refused(BODY, { ...signed, "webhook-signature": value }, "MALFORMED_SIGNATURE");
  }
  refused(BODY, { "x-signature": xSignature, "X-Signature": xSignature }, "MALFORMED_SIGNATURE", /more than once/);
});

test("bodies that are not raw", () => {
  refused(undefined, signed, "BODY_NOT_RAW", /There is no body/);
  refused(null, signed, "BODY_NOT_RAW", /There is no body/);
  refused(JSON.parse(BODY), signed, "BODY_NOT_RAW", /A parsed body/);
  refused(Promise.resolve(BODY), signed, "BODY_NOT_RAW", /await/);
  refused(new Request("http://localhost/"), signed, "BODY_NOT_RAW", /request\.text/);
  refused(new Blob([BODY]).stream(), signed, "BODY_NOT_RAW", /stream/);
  for (const body of [7, true, [BODY], Symbol.iterator]) refused(body, signed, "BODY_NOT_RAW");
});

test("signed, but not JSON", () => {
  for (const body of ["", "{", "\ufeff{}", new Uint8Array([0x22, 0xff, 0x22])]) {
    refused(body, webhook.sign(body), "BODY_NOT_JSON");
  }
  for (const body of ["null", "5", '"text"', "[]", "true"]) refused(body, webhook.sign(body), "NOT_AN_EVENT");
});

test("bad secrets", () => {
  for (const secret of [7, {}, "1234567", "x".repeat(257), "😀".repeat(7), "😀".repeat(257), [], [SECRET, 7], [SECRET, "1234567"], [undefined, "short"]]) {
    assert.throws(() => new Webhook(secret), { code: "BAD_SECRET", status: 500, hint: /environment/ });
  }
  assert.ok(new Webhook("😀".repeat(256)).verify(BODY, new Webhook("😀".repeat(256)).sign(BODY)));
});

test("several receivers take turns", () => {
  const other = new Webhook(["another secret", SECRET]);
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(other.inspect(BODY, signed).secretIndex, 1);
    assert.equal(webhook.inspect(BODY, signed).secretIndex, 0);
    assert.equal(new Webhook("yet another").inspect(BODY, signed).code, "SIGNATURE_MISMATCH");
  }
});

test("bodies larger than the core's buffer, by the character and by the byte", () => {
  for (const character of ["x", "è", "☕", "😀"]) {
    for (const length of [65_535, 65_536, 65_537, 131_072, 300_000]) {
      const body = JSON.stringify({ text: character.repeat(length) });
      const headers = webhook.sign(body);
      assert.deepEqual(webhook.sign(Buffer.from(body), { id: headers["webhook-id"], timestamp: Number(headers["webhook-timestamp"]) }), headers);
      assert.deepEqual(webhook.verify(Buffer.from(body), headers), JSON.parse(body));
      assert.deepEqual(webhook.verify(body, headers), JSON.parse(body));
    }
  }
});

test("errors show their hint and keep it out of the response", () => {
  const error = (() => {
    try {
      return webhook.verify(`${BODY}\n`, signed);
    } catch (thrown) {
      return thrown;
    }
  })();
  assert.match(error.hint, /end of the body/);
  assert.match(print(error), /^WebhookVerificationError: the signature[^\n]*\n +at [^\n]*verify\.test\.mjs/);
  assert.match(print(error), /hint: White space/);
  assert.match(print(webhook), /^Webhook/);
  assert.equal(JSON.parse(JSON.stringify(error)).hint, error.hint);
  assert.deepEqual({ ...error }, { code: "SIGNATURE_MISMATCH", status: 401, statusCode: 401, hint: error.hint });
});

test("nothing of the secret is in an error or a printed receiver", () => {
  assert.ok(!print(webhook, { depth: 9, showHidden: true }).includes("AAECAw"));
  const { message, hint } = webhook.inspect(BODY, { ...signed, "webhook-id": "other" });
  assert.ok(!`${message}${hint}`.includes("AAECAw"));
});
