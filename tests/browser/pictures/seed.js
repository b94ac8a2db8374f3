// The data of the pictures: webhooks in every state of health, and receivers that answer in every way.

import { receiver } from "../receiver.js";
import { until, world } from "../world.js";

const HTML = { "content-type": "text/html" };

/** Starts the program and fills it. */
export async function seed() {
  const [acme, full] = await Promise.all([
    world({ BLUEHOOK_TIMEOUT: "1s", BLUEHOOK_GRAPHQL_EXPLORER: "true" }),
    world({ BLUEHOOK_WEBHOOK_LIMIT_PER_COMPANY: "2" }),
  ]);
  const receivers = {
    good: await receiver(200, '{"ok":true,"queued":1}'),
    bad: await receiver(503, "<html>Service unavailable</html>", HTML),
    strict: await receiver(401, '{"error":"signature missing"}'),
    moved: await receiver(301, "", { location: "https://crm.example.com/hooks/blue" }),
    slow: await receiver(),
    site: await receiver(200, "<!doctype html><title>Welcome</title><h1>Welcome</h1>", HTML),
  };
  receivers.slow.answer.hang = true;
  const webhooks = await fill(acme, receivers);
  await limited(full, receivers.good);
  const stop = () => Promise.all([acme, full, ...Object.values(receivers)].map((begun) => begun.stop()));
  return { acme, full, receivers, webhooks, stop };
}

async function fill(acme, { good, bad, strict, moved, slow, site }) {
  const make = (name, url, more = {}) => acme.webhook({ name, url, events: ["TAG_DELETED"], ...more });
  const crm = await make("CRM sync", good.url, { events: ["TODO_CREATED", "TODO_MOVED", "TAG_CREATED"], projectIds: ["launch", "website"], headers: { "X-Team": "sales" } });
  const desk = await make("Support desk", bad.url, { events: ["TODO_CREATED"] });
  const zapier = await make("Zapier: records", "https://hooks.zapier.com/hooks/catch/1/2", { events: ["TODO_CREATED"] });
  const old = await make("Old ERP", bad.url, { events: ["TODO_LIST_CREATED"] });
  const others = {
    crm,
    desk,
    zapier,
    old,
    warehouse: await make("Warehouse", good.url, { payloadFormat: "compact", filter: { currentValue: { done: true } } }),
    long: await make("Data lake with a long name that goes on until there is no room for it in one line of the table", `${good.url}/${"very-long-path/".repeat(8)}`),
    billing: await make("Ben's billing", good.url, { createdById: "ben" }),
    strict: await make("Strict receiver", strict.url),
    moved: await make("Moved receiver", moved.url),
    slow: await make("Slow receiver", slow.url),
    site: await make("A web page", site.url),
    closed: await make("Nobody listens", "http://127.0.0.1:9/hooks"),
    rotating: await make("Changing its secret", good.url),
    unsigned: await make("Unsigned", good.url),
  };
  await acme.call("POST", `/v1/webhooks/${zapier.id}/disable`);
  await acme.call("POST", `/v1/webhooks/${others.rotating.id}/rotate-secret`, { overlapSeconds: 86_400 });
  await acme.call("DELETE", `/v1/webhooks/${others.unsigned.id}/secret`);
  await happenings(acme, bad, old);
  return others;
}

/** One webhook fails, another was told to stop and holds what comes. */
async function happenings(acme, bad, old) {
  for (let happened = 0; happened < 9; happened += 1) await acme.happen();
  await until("failing", async () => bad.got.length >= 9);
  bad.answer.status = 410;
  await acme.happen("TODO_LIST_CREATED");
  await until("off", async () => !(await acme.call("GET", `/v1/webhooks/${old.id}`)).enabled);
  bad.answer.status = 503;
  for (let held = 0; held < 3; held += 1) await acme.happen("TODO_LIST_CREATED");
}

/** A company that has all the webhooks it may have. */
async function limited(full, good) {
  for (const name of ["CRM sync", "Warehouse"]) await full.webhook({ name, url: good.url, events: ["TODO_CREATED"] });
}
