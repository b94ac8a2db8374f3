// A company in the real program: people, projects, webhooks; and how the backend asks for more.

import { serve } from "./program.js";

export const TOKEN = "admin-token-of-the-browser-0123456789";

const PEOPLE = [["ada", "Ada Rossi"], ["ben", "Ben Okafor"], ["carla", "Carla Neri", "it"], ["mia", "Mia Member"]];
const PROJECTS = [["launch", "Launch"], ["website", "Website"], ["hiring", "Hiring"]];
/** Who administers every project; Mia is a member. */
const ADMINISTRATORS = ["ada", "ben", "carla"];

/** Starts the program with a company in it. Retries are far apart, so that a failure stays as it is. */
export async function world(settings = {}) {
  const program = await serve({
    BLUEHOOK_ADMIN_TOKEN: TOKEN,
    BLUEHOOK_ALLOW_NETWORK: "127.0.0.0/8",
    BLUEHOOK_RETRY_SCHEDULE: "1h,1h,1h,1h",
    ...settings,
  });
  const call = caller(program.url);
  await populate(call);
  return {
    url: program.url,
    call,
    webhook: (fields) => call("POST", "/v1/webhooks", { companyId: "acme", createdById: "ada", ...fields }),
    happen: (event = "TODO_CREATED", more = {}) => happen(call, event, more),
    link: async (userId = "ada", returnTo = undefined) =>
      program.url + (await call("POST", "/v1/sessions", { userId, companyId: "acme", ...(returnTo && { returnTo }) })).url,
    stop: program.stop,
  };
}

async function populate(call) {
  await call("PUT", "/v1/companies/acme", { name: "Acme" });
  for (const [id, fullName, locale] of PEOPLE) {
    await call("PUT", `/v1/users/${id}`, { email: `${id}@acme.example`, fullName, ...(locale && { locale }) });
  }
  for (const [id, name] of PROJECTS) {
    await call("PUT", `/v1/projects/${id}`, { companyId: "acme", name });
    for (const [user] of PEOPLE) {
      const role = ADMINISTRATORS.includes(user) ? "ADMIN" : "MEMBER";
      await call("PUT", `/v1/projects/${id}/members/${user}`, { role });
    }
  }
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
