// Hostile inputs: bodies, headers, secrets, options of every kind, through everything that takes them. Nothing but the
// documented errors may come out. `node hostile.mjs 1000000` runs the whole of it; the tests run a part.

import { fileURLToPath } from "node:url";
import { Webhook, WebhookVerificationError, changes } from "bluehook";
import { webhookHandler as nodeHandler } from "bluehook/express";
import { webhookHandler } from "bluehook/fetch";

const CODES = new Set(
  "MISSING_SIGNATURE MALFORMED_SIGNATURE SIGNATURE_MISMATCH TIMESTAMP_TOO_OLD TIMESTAMP_TOO_NEW BODY_NOT_RAW BODY_NOT_JSON NOT_AN_EVENT BAD_SECRET".split(" "),
);
const SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const BODY = '{"event":"TODO_CREATED","currentValue":{"title":"Caffè"}}';
const MOST = 65_000;

// Runs so many inputs from a seed; throws at the first that comes out wrong. Gives the slowest diagnoses, in milliseconds.
export async function hostile(count, seed = 1) {
  const random = generator(seed);
  const one = (list) => list[Math.floor(random() * list.length)];
  const signed = new Webhook(SECRET).sign(BODY);
  const times = [];
  const odd = () => one([undefined, null, 0, -1, NaN, 5n, true, "", "x", [], {}, Symbol("s"), () => 1, new Date(NaN), trap(), Object.create(null), new Map(), gone(), /x/]);
  for (let i = 0; i < count; i++) {
    const secret = random() < 0.8 ? one([SECRET, `"${SECRET}"`, `A=${SECRET}`, `${SECRET},${SECRET}x`, "x".repeat(200), [SECRET, "another secret"], () => SECRET]) : odd();
    const body = random() < 0.8 ? text(random, one) : random() < 0.5 ? Buffer.from(text(random, one)) : odd();
    const headers = random() < 0.9 ? mixed(signed, random, one, odd) : odd();
    const options = random() < 0.9 ? {} : one([{ now: odd() }, { toleranceSeconds: odd() }, { [String(one(["x", "now", "requireTimestamp"]))]: odd() }, odd()]);
    const webhook = made(secret, options);
    if (webhook === undefined) continue;
    const from = performance.now();
    const found = webhook.inspect(body, headers);
    times.push(performance.now() - from);
    if (found.valid === false && !CODES.has(found.code)) throw new Error(`${i}: ${JSON.stringify(found)}`);
    refuses(i, () => webhook.verify(body, headers));
    if (i % 16 === 0) await adapted(i, webhook, body, headers);
    if (i % 64 === 0 && typeof body === "string") changes({ previousValue: body, currentValue: odd() });
  }
  return times.sort((a, b) => b - a);
}

function made(secret, options) {
  try {
    return new Webhook(secret, options);
  } catch (error) {
    if (error instanceof TypeError || error.code === "BAD_SECRET") return undefined;
    throw error;
  }
}

function refuses(i, act) {
  try {
    act();
  } catch (error) {
    if (!(error instanceof WebhookVerificationError) || !CODES.has(error.code)) throw new Error(`input ${i}`, { cause: error });
  }
}

const silent = { onRefused: () => undefined };

async function adapted(i, webhook, body, headers) {
  const fetched = webhookHandler(webhook, () => undefined, silent);
  const request = { method: "POST", headers: new Map(entriesOf(headers)), body: null, arrayBuffer: async () => new ArrayBuffer(0), text: async () => "" };
  const { status } = await fetched(request);
  if (status !== 204 && (status < 400 || status > 500)) throw new Error(`input ${i}: ${status}`);
  const response = { statusCode: 200, headersSent: false, setHeader: () => undefined, end: () => undefined };
  const incoming = { method: "POST", headers: Object.fromEntries(entriesOf(headers)), rawBody: body, body, readable: false, on: () => undefined };
  await nodeHandler(webhook, () => undefined, silent)(incoming, response).catch((error) => {
    if (!(error instanceof TypeError)) throw new Error(`input ${i}`, { cause: error });
  });
}

// What a `Headers` could hold of them.
function entriesOf(headers) {
  try {
    return Object.entries(headers).filter(([, value]) => typeof value === "string");
  } catch {
    return [];
  }
}

// A body: a right one, a changed one, or pieces that cost those who read them much.
function text(random, one) {
  if (random() < 0.2) return BODY;
  const piece = one(["[", "{", '"', "\\", "[[],", '{"a":', '"\\u00e8",', "1,", "é", "\ufffd", " ", "\n", "A", "=", "%7B", "-", "\ud800", '"<\\/>",', "1.0,", "\u{1f600}", "\0"]);
  const many = piece.repeat(random() < 0.02 ? Math.floor(MOST / Buffer.byteLength(piece)) : Math.floor(random() * 60));
  return one([many, `[${many}1]`, `{"a":"${many}"}`, BODY.slice(0, Math.floor(random() * BODY.length)) + many, many + BODY]);
}

function mixed(signed, random, one, odd) {
  const headers = { ...signed };
  for (const name of Object.keys(headers)) {
    const dice = random();
    if (dice < 0.15) delete headers[name];
    else if (dice < 0.25) headers[name] = odd();
    else if (dice < 0.35) headers[name] = one(["", " ", "v1,", "0".repeat(64), "sha256=" + "0".repeat(64), signed[name].repeat(one([2, 900])), "\0", "a.b", "9".repeat(30), "-1"]);
  }
  return one([headers, headers, new Map(Object.entries(headers)), Object.entries(headers)]);
}

function trap() {
  const fail = () => {
    throw new Error("looked");
  };
  return new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail });
}

function gone() {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function generator(state) {
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const count = Number(process.argv[2] ?? 1_000_000);
  const times = await hostile(count);
  const at = (share) => times[Math.floor(times.length * share)].toFixed(2);
  console.log(`${count} inputs; inspect: p99 ${at(0.01)} ms, p99.9 ${at(0.001)} ms, slowest ${times[0].toFixed(2)} ms`);
}
