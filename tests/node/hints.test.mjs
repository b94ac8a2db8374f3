import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { test } from "node:test";
import { Webhook } from "bluehook";

const SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const BODY = '{"title":"Caff\\u00e8 / bar","position":1.0,"list":[1,2]}';
const signed = new Webhook(SECRET).sign(BODY);
const blue = { "X-Signature": signed["x-signature"] };

function check(secret, body, headers, hint) {
  const found = new Webhook(secret).inspect(body, headers);
  assert.equal(found.valid, false);
  assert.match(found.hint ?? "", hint);
}

for (const [scheme, headers] of Object.entries({ standard: signed, "x-signature": blue })) {
  test(`what happened to the body, by ${scheme}`, () => {
    check(SECRET, JSON.stringify(JSON.parse(BODY.replace("1.0", "1"))), new Webhook(SECRET).sign(BODY.replace("1.0", "1")), /parsed and written again/);
    check(SECRET, BODY.replaceAll(",", ", ").replaceAll(":", ": "), headers, /parsed and written again/);
    check(SECRET, BODY.replace("1.0", "1"), headers, /parsed and written again/);
    check(SECRET, `${BODY}\n`, headers, /end of the body/);
    check(SECRET, `\n${BODY}`, headers, /an end of the body/);
    check(SECRET, Buffer.concat([Buffer.from(BODY), Buffer.alloc(100)]), headers, /zeros were added/);
    check(SECRET, JSON.stringify(BODY), headers, /parsed and written again/);
    check(SECRET, Buffer.from(BODY.replace("bar", "caffè"), "latin1"), headers, /encoding than UTF-8/);
    check(SECRET, `\ufeff${BODY}`, headers, /byte-order mark/);
    check(SECRET, gzipSync(BODY), headers, /compressed/);
    check(SECRET, btoa(BODY), headers, /base64/);
    check(SECRET, "", headers, /already/);
    check(SECRET, String({}), headers, /JavaScript object/);
    check(SECRET, `payload=${encodeURIComponent(BODY)}`, headers, /a form's/);
    check(SECRET, BODY.slice(0, -1), headers, /ends in the middle/);
    check(SECRET, BODY.replace("bar", "\ufffd"), headers, /gather the pieces as bytes/i);
    check(SECRET, `{"a":"${"x".repeat(70_000)}"}`, headers, /not looked into/);
  });

  test(`what happened to the secret, by ${scheme}`, () => {
    for (const secret of [` ${SECRET}`, `${SECRET}\n`, `"${SECRET}"`, `'${SECRET}'`]) check(secret, BODY, headers, /white space or quotes/);
    for (const secret of [`\u201c${SECRET}\u201d`, `\\"${SECRET}\\"`, `${SECRET};`, `<${SECRET}>`]) check(secret, BODY, headers, /white space or quotes/);
    for (const secret of [`secret: ${SECRET}`, `A_SECRET="${SECRET}";`, JSON.stringify({ secret: SECRET })]) check(secret, BODY, headers, /begins with a name/);
    check(SECRET.slice(6), BODY, headers, /lacks its beginning/);
    check("another secret", BODY, headers, /another webhook's/);
    check(`BLUEHOOK_SECRET=${SECRET}`, BODY, headers, /equals sign/);
    check(`${SECRET},another secret`, BODY, headers, /as a list/);
    check(`${SECRET}\u200b`, BODY, headers, /invisible/);
    check(SECRET.replace("AwQF", "Aw_F"), BODY, headers, /cannot be decoded/);
  });
}

test("what happened to the headers", () => {
  const hex = signed["x-signature"];
  check(SECRET, BODY, { "X-Signature": `sha256=${hex}` }, /sha256=/);
  check(SECRET, BODY, { "X-Signature": Buffer.from(hex, "hex").toString("base64") }, /is base64/);
  check(SECRET, BODY, { ...signed, "webhook-signature": hex }, /hexadecimal; base64/);
  check(SECRET, BODY, { ...signed, "webhook-signature": signed["webhook-signature"].slice(3) }, /lacks its version/);
  check(SECRET, BODY, { ...signed, "webhook-id": "other" }, /another delivery/);
  check(SECRET, BODY, { ...signed, "webhook-timestamp": `${signed["webhook-timestamp"]}000` }, /milliseconds/);
  check(SECRET, BODY, { ...signed, "webhook-timestamp": "1600000000" }, /clock is ahead/);
  const far = (seconds) => new Webhook(SECRET, { now: () => (Number(signed["webhook-timestamp"]) + seconds) * 1000 }).inspect(BODY, signed).message;
  assert.match(far(7_200), /it is 2 h old, and 300 s are tolerated/);
  assert.match(far(-600), /it is 10 min ahead/);
});

test("the previous secret", () => {
  const [standard, next] = [new Webhook("the current secret"), new Webhook("the coming secret")].map((webhook) =>
    webhook.sign(BODY, { id: signed["webhook-id"], timestamp: Number(signed["webhook-timestamp"]) }),
  );
  const both = { ...standard, "webhook-signature": `${standard["webhook-signature"]} ${next["webhook-signature"]}` };
  check(SECRET, BODY, both, /changing secrets/);
  assert.equal(new Webhook("the coming secret").inspect(BODY, both).valid, true);
});
