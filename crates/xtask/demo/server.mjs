// The bluehook program as a child process, on a fresh port and an empty embedded database.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { createServer } from "node:net";

const READY_WITHIN_MS = 30_000;
const STOPS_WITHIN_MS = 15_000;
const POLL_MS = 50;

/** What the program prints goes here, so that it does not talk into the story. */
export const LOG = "bluehook.log";

/** Starts the program and waits until it takes events. */
export async function startServer(program) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const token = randomBytes(24).toString("base64url");
  const log = openSync(LOG, "w");
  const child = spawn(program, ["serve"], {
    stdio: ["ignore", log, log],
    env: {
      ...withoutSettings(process.env),
      BLUEHOOK_LISTEN: new URL(url).host,
      BLUEHOOK_DATABASE: "sqlite:bluehook.db",
      BLUEHOOK_ADMIN_TOKEN: token,
      BLUEHOOK_ALLOW_NETWORK: "127.0.0.0/8",
    },
  });
  const ended = once(child, "exit");
  await ready(url, child);
  return {
    url,
    call: (method, path, body) => call(url, token, method, path, body),
    stop: () => stop(child, ended),
    ended,
  };
}

/** The environment without the settings of some other server. */
function withoutSettings(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("BLUEHOOK_")));
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

async function ready(url, child) {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode} instead of starting`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  child.kill();
  throw new Error(`the server was not ready within ${READY_WITHIN_MS / 1000} s`);
}

/** One API call; `body` is JSON text or a value. Anything but 2xx is an error that carries the server's own words. */
async function call(url, token, method, path, body) {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: typeof body === "string" || body === undefined ? body : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

async function stop(child, ended) {
  if (child.exitCode === null) child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOPS_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}
