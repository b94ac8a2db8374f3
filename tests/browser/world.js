// A company in the real program: people, projects, webhooks, and receivers that answer as they are told.

import { createServer } from "node:http";

import { serve } from "./program.js";

export const TOKEN = "admin-token-of-the-browser-0123456789";

/** Starts the program with a company in it. Retries are far apart, so that a failure stays as it is. */
export async function world(settings = {}) {
  const program = await serve({
    BLUEHOOK_ADMIN_TOKEN: TOKEN,
    BLUEHOOK_ALLOW_NETWORK: "127.0.0.0/8",
    BLUEHOOK_RETRY_SCHEDULE: "1h,1h,1h,1h",
    ...settings,
  });
  const call = caller(program.url);
  await call("PUT", "/v1/companies/acme", { name: "Acme" });
  for (const [id, fullName, locale] of [["ada", "Ada Rossi"], ["ben", "Ben Okafor"], ["carla", "Carla Neri", "it"], ["mia", "Mia Member"]]) {
    await call("PUT", `/v1/users/${id}`, { email: `${id}@acme.example`, fullName, ...(locale && { locale }) });
  }
  for (const [id, name] of [["launch", "Launch"], ["website", "Website"]]) {
    await call("PUT", `/v1/projects/${id}`, { companyId: "acme", name });
    for (const user of ["ada", "ben", "carla"]) await call("PUT", `/v1/projects/${id}/members/${user}`, { role: "ADMIN" });
    await call("PUT", `/v1/projects/${id}/members/mia`, { role: "MEMBER" });
  }
  return {
    url: program.url,
    call,
    webhook: (fields) => call("POST", "/v1/webhooks", { companyId: "acme", createdById: "ada", ...fields }),
    happen: (event = "TODO_CREATED", more = {}) => happen(call, event, more),
    link: async (userId = "ada", returnTo = undefined) =>
      (await call("POST", "/v1/sessions", { userId, companyId: "acme", ...(returnTo && { returnTo }) })).url,
    stop: program.stop,
  };
}

/** Calls the API as the backend. */
function caller(url) {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
}

async function happen(call, event, more) {
  const { sample } = await call("GET", `/v1/event-types/${event}`);
  return call("POST", "/v1/events", { event, companyId: "acme", projectId: "launch", userId: "ada", ...sample, ...more });
}

/** Waits until something that is asked for again and again is so. */
export async function until(what, ask) {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A receiver on this machine: answers with `answer.status` and `answer.body`, and keeps what it got. */
export async function receiver(status = 204, body = "") {
  const got = [];
  const answer = { status, body };
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      got.push({ headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return { url: `http://127.0.0.1:${port}/hooks/blue`, host: `127.0.0.1:${port}`, got, answer, stop };
}
