// The description of the API is clean, and the server does what it says.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { printed, relay, serve, TOKEN } from "./program.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bluehook-contracts-"));
after(() => rmSync(folder, { recursive: true }));

test("redocly has nothing to complain about", () => {
  const document = join(folder, "openapi.json");
  writeFileSync(document, printed("openapi"));
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  // OpenAPI has no place for the forms of events in a stream: they are named in words.
  const unused = ["--skip-rule", "no-unused-components"];
  const lint = ["lint", document, ...unused, "--extends", "recommended", "--max-problems", "20", "--format", "stylish"];
  const { status, stdout, stderr } = spawnSync(join(here, "node_modules/.bin/redocly"), lint, { encoding: "utf8", cwd: folder, env });
  const said = stdout + stderr;
  assert.equal(status, 0, said);
  assert.doesNotMatch(said, /You have \d+ warning/, said);
});

test("schemathesis finds no disagreement", async () => {
  const server = await serve();
  const strangers = await relay(server.url);
  try {
    const { webhook, delivery, event, replay } = await happen(server.url);
    const env = { ...process.env, WEBHOOK: webhook, DELIVERY: delivery, EVENT: event, REPLAY: replay };
    const program = join(here, "../../target/contracts/bin/st");
    const run = ["--config-file", join(here, "schemathesis.toml"), "--no-color", "run", `${strangers.url}/openapi.json`];
    const { status, said } = await ran(program, run, { ...env, TOKEN });
    assert.equal(status, 0, said);
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  } finally {
    strangers.stop();
    await server.stop();
  }
});

// Runs a program beside what this process does; gives its status and all that it said.
async function ran(program, parameters, env) {
  const child = spawn(program, parameters, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const [status] = await once(child, "close");
  return { status, said };
}

// Something for the operations that ask for an id: a company in which things happened.
async function happen(url) {
  const call = async (method, path, body) => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  await call("PUT", "/v1/companies/c", { name: "c" });
  await call("PUT", "/v1/projects/p", { companyId: "c", name: "p" });
  await call("PUT", "/v1/users/u", { email: "u@example.com", fullName: "u" });
  await call("PUT", "/v1/projects/p/members/u", { role: "ADMIN" });
  const { id: webhook } = await call("POST", "/v1/webhooks", { companyId: "c", createdById: "u", url: "http://127.0.0.1:9/" });
  const { id: event } = await call("POST", "/v1/events", {
    event: "TAG_CREATED", companyId: "c", projectId: "p", userId: "u", currentValue: {},
  });
  const { items } = await call("GET", `/v1/deliveries?eventId=${event}`);
  const span = { since: "2020-01-01T00:00:00Z", until: "2100-01-01T00:00:00Z" };
  const { id: replay } = await call("POST", `/v1/webhooks/${webhook}/replay`, span);
  return { webhook, event, delivery: items[0].id, replay };
}
