import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Webhook, WebhookVerificationError, init } from "bluehook/slim";

const COUNT = 1_000_000;
// How many of them get a receiver of their own with a corrupted secret, and how many are asked for their hint.
const EACH = 16;
const SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NOW = 1_700_000_000;
const BODY = '{"event":"TODO_CREATED","previousValue":null,"currentValue":{"title":"Caffè"}}';

// A generator of its own, so that a failure can be repeated.
let state = 20_251_201;
function random(below) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

function corrupted(text) {
  const at = random(text.length);
  const character = String.fromCharCode(text.charCodeAt(at) ^ (1 << random(7)));
  switch (random(4)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + String.fromCharCode(33 + random(90)) + text.slice(at);
    default:
      return text.slice(0, at) + character + text.slice(at + 1);
  }
}

test(`of ${COUNT} corrupted requests none verifies, none throws anything else, and the memory stays as it is`, () => {
  const memory = initialise();
  const options = { now: () => NOW * 1000 };
  const webhook = new Webhook(SECRET, options);
  const standard = webhook.sign(BODY, { id: "dlv_1", timestamp: NOW });
  const { "x-signature": xSignature, ...rest } = standard;
  const blue = { "x-signature": xSignature };
  let size;
  for (let i = 0; i < COUNT; i++) {
    const request = { receiver: webhook, body: BODY, headers: i % 2 === 0 ? { ...rest } : { ...blue } };
    corrupt(request, i);
    refuse(request, i);
    if (i === COUNT / 10) size = memory.buffer.byteLength;
  }
  assert.equal(memory.buffer.byteLength, size);

  function corrupt(request, i) {
    if (i % EACH === 0) {
      request.receiver = new Webhook(anotherSecret(), options);
    } else if (i % 3 === 0) {
      request.body = corrupted(BODY);
    } else {
      corruptHeader(request.headers);
    }
  }
});

// Gives the package its module, and the memory that the module then has.
function initialise() {
  const { Instance } = WebAssembly;
  let memory;
  WebAssembly.Instance = class extends Instance {
    constructor(...given) {
      super(...given);
      memory = this.exports.memory;
    }
  };
  init(new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve("bluehook/bluehook.wasm"))));
  WebAssembly.Instance = Instance;
  return memory;
}

// White space around a header's value and the case of hexadecimal digits do not count, so those are no corruptions.
function corruptHeader(headers) {
  const names = Object.keys(headers).filter((name) => name !== "content-type");
  const name = names[random(names.length)];
  const plain = (text) => (name === "x-signature" ? text.trim().toLowerCase() : text.trim());
  const original = headers[name];
  do headers[name] = corrupted(original);
  while (plain(headers[name]) === original);
}

function anotherSecret() {
  const secret = corrupted(SECRET);
  return secret === SECRET || secret.replace(/=+$/, "") === SECRET.replace(/=+$/, "") ? "another secret" : secret;
}

function refuse({ receiver, body, headers }, i) {
  let event;
  try {
    event = receiver.verify(body, headers);
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    if (i % EACH === 1) void error.hint;
    return;
  }
  assert.fail(`verified ${JSON.stringify({ body, headers, event })}`);
}
