// The demonstration: one real record event through the API, signed, to a receiver that verifies it.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { sample } from "bluehook/preview";
import { startReceiver } from "./receiver.mjs";
import { LOG, startServer } from "./server.mjs";
import { takeTurns } from "./turn.mjs";

const ARRIVES_WITHIN_MS = 10_000;
const COMPANY = "clb4qac0m0000vt24demo0001";
const PERSON = "clb4qap3r0000vt24demo0002";
const PROJECT = "clb4qapr0j000vt24demo0003";

const { values: options } = parseArgs({ options: { bluehook: { type: "string" }, once: { type: "boolean" } } });
let server, receiver;

try {
  server = await startServer(options.bluehook);
  receiver = await startReceiver();
  await tell(server, receiver);
  if (!options.once) {
    const turns = await takeTurns({ receiver, link, say });
    await serveUntilStopped(server);
    turns.close();
  }
} catch (error) {
  console.error(`\nThe demonstration failed: ${error.message}\n\nThe server's log:\n${readFileSync(LOG, "utf8")}`);
  process.exitCode = 1;
}
receiver?.close();
await server?.stop();

async function tell(server, receiver) {
  say(`The server takes events at ${server.url}, on an embedded database; it logs to ${resolve(LOG)}.`);

  await server.call("PUT", `/v1/companies/${COMPANY}`, { name: "Demo company" });
  await server.call("PUT", `/v1/users/${PERSON}`, { email: "person@example.com", fullName: "Demo person" });
  await server.call("PUT", `/v1/projects/${PROJECT}`, { companyId: COMPANY, name: "Demo project" });
  await server.call("PUT", `/v1/projects/${PROJECT}/members/${PERSON}`, { role: "ADMIN" });
  say("Its directory has a demo company with one person in one project.");

  const { body: webhook } = await server.call("POST", "/v1/webhooks", {
    companyId: COMPANY, createdById: PERSON, name: "Demo webhook", url: receiver.url, events: ["TODO_CREATED"],
  });
  receiver.trust(webhook.secret);
  say(`Webhook ${webhook.id} sends TODO_CREATED to ${receiver.url}. Its secret was shown once: ${webhook.secret}`);

  const arrives = within(ARRIVES_WITHIN_MS, receiver.next());
  const posted = performance.now();
  const accepted = await server.call("POST", "/v1/events", event());
  say(`A record was created: POST /v1/events answered ${accepted.status} ${JSON.stringify(accepted.body)} ` +
    `after ${milliseconds(posted)}.`);

  const delivery = await arrives;
  if (delivery.error) throw new Error(`the receiver refused the delivery: ${delivery.error.message}`);
  show(delivery, posted);
  await recorded(server, delivery);
}

/** A link that signs the demo person in: once, within five minutes. */
async function link() {
  const { body } = await server.call("POST", "/v1/sessions", { userId: PERSON, companyId: COMPANY });
  return new URL(body.url, server.url).href;
}

/** The event as a backend posts it; the record's own bytes pass through untouched. */
function event() {
  const value = JSON.stringify(sample("TODO_CREATED"));
  return `{"event":"TODO_CREATED","companyId":"${COMPANY}","projectId":"${PROJECT}","userId":"${PERSON}",` +
    `"previousValue":null,"currentValue":${value}}`;
}

function show(delivery, posted) {
  say(`Delivered and verified ${milliseconds(posted, delivery.at)} after the event was posted:`);
  for (const [name, value] of Object.entries(delivery.headers)) console.log(`     ${name}: ${value}`);
  const text = delivery.body.toString();
  console.log(`\n     ${text.slice(0, 300)}… (${delivery.body.length} bytes)`);
  console.log(`\n     event: ${delivery.event.event}, record: ${JSON.stringify(delivery.event.currentValue.title)}`);
}

/** The delivery log must show the bytes that arrived. */
async function recorded(server, delivery) {
  const id = delivery.headers["webhook-id"];
  const { body: shown } = await server.call("GET", `/v1/deliveries/${id}`);
  if (shown.request.body !== delivery.body.toString()) throw new Error(`the log of ${id} shows another body than was delivered`);
  say(`The delivery log shows the same bytes: GET /v1/deliveries/${id}`);
}

async function serveUntilStopped(server) {
  const stopped = ["SIGINT", "SIGTERM"].map((signal) => new Promise((resolve) => process.once(signal, resolve)));
  await Promise.race([...stopped, server.ended]);
}

function within(limit, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing arrived within ${limit / 1000} s`)), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function milliseconds(from, to = performance.now()) {
  return `${(to - from).toFixed(1)} ms`;
}

function say(sentence) {
  say.count = (say.count ?? 0) + 1;
  console.log(`\n  ${say.count}. ${sentence}`);
}
