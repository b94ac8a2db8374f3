// `cargo xtask bench verify`: how long it takes to verify a request and parse its body, in microseconds, by this package, by
// node:crypto alone and by other packages. One process, one thread; the contestants take turns in every round, each round
// beginning with another one, so that whatever else the machine does hits them alike; the median of the rounds counts. A second
// table has the check alone: the same figures less what parsing took in the same run. Then, how long it takes from the start of
// a process to its first verified request, more than that of an empty script; and what hostile requests cost, hint included.

import { execFileSync } from "node:child_process";
import { createHmac, timingSafeEqual } from "node:crypto";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";

const SIZES = { "0.5 KB": 512, "3 KB": 3 * 1024, "16 KB": 16 * 1024, "256 KB": 256 * 1024 };
const ROUNDS = 31;
const ROUND_BYTES = 4 * 1024 * 1024;
const MOST_CALLS = 2_000;
const STARTS = 20;
const HOSTILE = 100_000;
const SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

const packages = fileURLToPath(new URL("../node/", import.meta.url));
if (!existsSync(new URL("../node/node_modules/svix", import.meta.url))) npm("ci", "--no-audit", "--no-fund");
npm("run", "--silent", "pretest");
const require = createRequire(new URL("../node/package.json", import.meta.url));
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);

const { Webhook } = await load("bluehook");
const { Webhook: Standard } = await load("standardwebhooks");
const { Webhook: Svix } = await load("svix");
const { default: Stripe } = await load("stripe");
const octokit = await import(pathToFileURL(`${packages}node_modules/@octokit/webhooks-methods/dist-node/index.js`).href);

console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${ROUNDS} rounds, medians in µs per request\n`);
console.log(["".padEnd(28), ...Object.keys(SIZES).map((size) => size.padStart(10))].join(""));
const table = {};
for (const [size, length] of Object.entries(SIZES)) {
  for (const [name, median] of Object.entries(await measure(contestants(length), length))) (table[name] ??= {})[size] = median;
}
for (const [name, row] of Object.entries(table)) print(name, row, (micros) => micros);
console.log("\nthe check alone");
for (const [name, row] of Object.entries(table)) {
  if (!name.startsWith("parsing")) print(name, row, (micros, size) => micros - table[name.endsWith("bytes") ? "parsing alone, bytes" : "parsing alone, string"][size]);
}
console.log(`\nstart to first verified request: ${startUp().toFixed(1)} ms more than an empty script (medians of ${STARTS})`);
const { hostile } = await import("../node/hostile.mjs");
const slowest = await hostile(HOSTILE);
const [p99, worst] = [0.01, 0.001].map((share) => slowest[Math.floor(slowest.length * share)].toFixed(2));
console.log(`${HOSTILE} hostile requests, hint included: p99 ${p99} ms, p99.9 ${worst} ms`);

function print(name, row, figure) {
  console.log([name.padEnd(28), ...Object.entries(row).map(([size, micros]) => figure(micros, size).toFixed(1).padStart(10))].join(""));
}

function startUp() {
  const first = `import { Webhook } from "bluehook";
    const webhook = new Webhook("${SECRET}", { now: () => 1700000000000 });
    webhook.verify("{}", { "x-signature": "${createHmac("sha256", SECRET).update("{}").digest("hex")}" });`;
  const times = [[], []];
  for (let run = 0; run < STARTS; run++) {
    ["", first].forEach((script, i) => {
      const from = process.hrtime.bigint();
      execFileSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: packages });
      times[i].push(Number(process.hrtime.bigint() - from) / 1e6);
    });
  }
  const [empty, verified] = times.map((list) => list.sort((a, b) => a - b)[STARTS >> 1]);
  return verified - empty;
}

function contestants(length) {
  const text = bodyOf(length);
  const bytes = Buffer.from(text);
  const webhook = new Webhook(SECRET);
  const headers = webhook.sign(text);
  const blue = { "x-signature": headers["x-signature"] };
  const svixHeaders = Object.fromEntries(["id", "timestamp", "signature"].map((name) => [`svix-${name}`, headers[`webhook-${name}`]]));
  const [standard, svix, stripe] = [new Standard(SECRET), new Svix(SECRET), new Stripe("sk_test_x")];
  const stripeHeader = stripe.webhooks.generateTestHeaderString({ payload: text, secret: SECRET });
  // Everyone verifies and parses, as a receiver does.
  return {
    "bluehook, bytes": () => webhook.verify(bytes, headers),
    "bluehook, string": () => webhook.verify(text, headers),
    "bluehook, X-Signature, bytes": () => webhook.verify(bytes, blue),
    "parsing alone, bytes": () => JSON.parse(bytes.toString()),
    "parsing alone, string": () => JSON.parse(text),
    "node:crypto, bytes": () => byHand(bytes, headers["x-signature"]),
    "standardwebhooks, string": () => standard.verify(text, headers),
    "svix, string": () => svix.verify(text, svixHeaders),
    "stripe, string": () => stripe.webhooks.constructEvent(text, stripeHeader, SECRET),
    "octokit, string": async () => (await octokit.verify(SECRET, text, `sha256=${headers["x-signature"]}`)) && JSON.parse(text),
  };
}

// What people write without a package.
function byHand(bytes, signature) {
  const expected = createHmac("sha256", SECRET).update(bytes).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature, "hex"))) throw new Error("refused");
  return JSON.parse(bytes.toString());
}

// A record with many fields, as events are; only the last field is made to fit.
function bodyOf(length) {
  const fields = {};
  const body = () => JSON.stringify({ event: "TODO_CREATED", currentValue: fields, padding: "" });
  for (let i = 0; body().length + 60 < length; i++) fields[`customField${i}`] = { id: `clb4zna6x0000vt1swuwso${i}`, value: i * 1.5, text: "Caffe" };
  return body().replace(/""}$/, `"${"x".repeat(Math.max(0, length - body().length))}"}`);
}

async function measure(contestants, length) {
  const calls = Math.max(4, Math.min(MOST_CALLS, Math.floor(ROUND_BYTES / length)));
  const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    const entries = Object.entries(contestants);
    for (let turn = 0; turn < entries.length; turn++) {
      const [name, verify] = entries[(turn + round) % entries.length];
      samples[name].push(await time(verify, calls));
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, times]) => [name, times.sort((a, b) => a - b)[ROUNDS >> 1]]));
}

async function time(verify, calls) {
  const from = process.hrtime.bigint();
  for (let call = 0; call < calls; call++) {
    const answer = verify();
    if (answer instanceof Promise) await answer;
  }
  return Number(process.hrtime.bigint() - from) / 1000 / calls;
}

function npm(...given) {
  execFileSync("npm", given, { cwd: packages, stdio: ["ignore", "ignore", "inherit"] });
}
