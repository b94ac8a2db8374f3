// A company with a person who administers projects, in the real program; and signing in as them, by the link that Blue gives.

export const TOKEN = "admin-token-of-the-browser-0123456789";

export const PROJECTS = { cp1: "Launch", cp2: "Website", cp3: "Hiring" };

/** Asks the API as the backend does. */
export async function service(program, method, path, body) {
  const response = await fetch(program.url + path, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** Ada administers every project; Ben is a member of the first. */
export async function company(program) {
  await service(program, "PUT", "/v1/companies/cc1", { name: "Acme" });
  await service(program, "PUT", "/v1/users/cu1", { email: "ada@example.com", fullName: "Ada Rossi" });
  await service(program, "PUT", "/v1/users/cu2", { email: "ben@example.com", fullName: "Ben Moss" });
  for (const [id, name] of Object.entries(PROJECTS)) {
    await service(program, "PUT", `/v1/projects/${id}`, { companyId: "cc1", name });
    await service(program, "PUT", `/v1/projects/${id}/members/cu1`, { role: "ADMIN" });
  }
  await service(program, "PUT", "/v1/projects/cp1/members/cu2", { role: "MEMBER" });
}

/** Opens a place of the app, signed in. */
export async function signIn(page, program, path, userId = "cu1") {
  const { url } = await service(program, "POST", "/v1/sessions", { userId, companyId: "cc1", returnTo: path });
  await page.goto(program.url + new URL(url).pathname);
  await page.getByRole("button").click();
  await page.waitForURL(program.url + path);
}
