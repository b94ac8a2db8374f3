import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { Webhook } from "bluehook";
import { Webhook as StandardWebhook } from "standardwebhooks";

const GENERATED = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const BODIES = ["{}", '{"test": 2432232314}', '{"title":"Caffè ☕ 😀"}', JSON.stringify({ text: "x".repeat(100_000) })];

test("standardwebhooks verifies what we sign", () => {
  for (const body of BODIES) {
    assert.deepEqual(new StandardWebhook(GENERATED).verify(body, new Webhook(GENERATED).sign(body)), JSON.parse(body));
  }
});

test("we verify what standardwebhooks signs", () => {
  for (const body of BODIES) {
    const at = new Date();
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(at / 1000)),
      "webhook-signature": new StandardWebhook(GENERATED).sign("msg_1", at, body),
    };
    assert.deepEqual(new Webhook(GENERATED).verify(body, headers), JSON.parse(body));
    assert.equal(new Webhook(GENERATED).sign(body, { id: "msg_1", timestamp: at })["webhook-signature"], headers["webhook-signature"]);
  }
});

test("Standard Webhooks' published case", () => {
  const headers = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  const webhook = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", { now: () => 1614265330_000 });
  assert.deepEqual(webhook.verify('{"test": 2432232314}', headers), { test: 2432232314 });
});

test("X-Signature is what everyone's HMAC computes", () => {
  const python = "import hmac,sys; print(hmac.new(sys.argv[1].encode(), sys.stdin.buffer.read(), 'sha256').hexdigest())";
  for (const secret of [GENERATED, "It's a Secret to Everybody", "pässwörter☕"]) {
    for (const body of BODIES) {
      const expected = new Webhook(secret).sign(body)["x-signature"];
      assert.equal(createHmac("sha256", secret).update(body).digest("hex"), expected);
      assert.equal(run("python3", ["-c", python, secret], body), expected);
      const key = Buffer.from(secret).toString("hex");
      assert.match(run("openssl", ["dgst", "-sha256", "-mac", "HMAC", "-macopt", `hexkey:${key}`], body), new RegExp(`${expected}$`));
    }
  }
});

function run(program, args, input) {
  return execFileSync(program, args, { input, encoding: "utf8" }).trim();
}
