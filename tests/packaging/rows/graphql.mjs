// Public GraphQL clients as they come, each against the real program: their defaults, their persisted queries, and what they
// make of a refusal.

import assert from "node:assert/strict";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client/core";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { GraphQLClient } from "graphql-request";
import { createHash } from "node:crypto";

import { serve } from "../../browser/program.js";

const TOKEN = "admin-token-of-the-packaging-0123456789";
const LIST = "query List($take: Int) { webhooks(take: $take) { items { id url } pageInfo { totalItems } } }";
const CREATE = "mutation Create($input: CreateWebhookInput!) { createWebhook(input: $input) { id url secret } }";
const INPUT = { input: { url: "http://127.0.0.1:9/" } };

export const rows = {
  "graphql-request": () => inCompany(graphqlRequest),
  "apollo client": () => inCompany((given) => apollo(given, [])),
  "apollo persisted queries": () => inCompany((given) => apollo(given, [persisted({})])),
  "apollo persisted queries, GET": () =>
    inCompany((given) => apollo(given, [persisted({ useGETForHashedQueries: true })])),
  "urql with its defaults": () => inCompany(urql),
};

// A server with a company, and one person's credentials in Blue's headers. `asked` has what went over the wire.
async function inCompany(run) {
  const server = await serve({ BLUEHOOK_ADMIN_TOKEN: TOKEN, BLUEHOOK_ALLOW_NETWORK: "127.0.0.0/8" });
  try {
    const call = async (method, path, body) => {
      const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
      const answer = await fetch(server.url + path, { method, headers, body: JSON.stringify(body) });
      assert.ok(answer.ok, `${path}: ${answer.status}`);
      return answer.json();
    };
    await call("PUT", "/v1/companies/c", { name: "c" });
    await call("PUT", "/v1/users/u", { email: "u@example.com", fullName: "U" });
    await call("PUT", "/v1/projects/p", { companyId: "c", name: "p" });
    await call("PUT", "/v1/projects/p/members/u", { role: "ADMIN" });
    const { id, secret } = await call("POST", "/v1/tokens", { userId: "u", companyId: "c", name: "clients" });
    const headers = { "x-bloo-token-id": id, "x-bloo-token-secret": secret, "x-bloo-company-id": "c" };
    const asked = [];
    const fetchIt = async (url, options) => {
      const answer = await fetch(url, options);
      asked.push(`${options.method ?? "GET"} ${answer.status}`);
      return answer;
    };
    return await run({ url: `${server.url}/graphql`, headers, fetch: fetchIt, asked });
  } finally {
    await server.stop();
  }
}

async function graphqlRequest({ url, headers, fetch, asked }) {
  const client = new GraphQLClient(url, { headers, fetch });
  const created = await client.request(CREATE, INPUT);
  assert.match(created.createWebhook.secret, /^whsec_/);
  const listed = await client.request(LIST, { take: 5 });
  assert.equal(listed.webhooks.pageInfo.totalItems, 1);
  const byGet = new GraphQLClient(url, { headers, fetch, method: "GET" });
  assert.equal((await byGet.request(LIST)).webhooks.items.length, 1);
  // What is refused with another status than 200 has its message, too.
  const refused = (request) => request.then(() => assert.fail("not refused"), (error) => error.response.errors[0]);
  const tooLarge = await refused(client.request(`${LIST} # ${"x".repeat(2_000_000)}`));
  assert.ok(tooLarge.message.length > 0 && tooLarge.extensions.code.length > 0, JSON.stringify(tooLarge));
  const address = `${url}?${new URLSearchParams({ query: CREATE, variables: JSON.stringify(INPUT) })}`;
  const mutation = await fetch(address, { headers });
  assert.equal(mutation.status, 405);
  const [error] = (await mutation.json()).errors;
  assert.match(error.message, /POST/);
  assert.equal("locations" in error, false);
  return asked.join(", ");
}

const persisted = (more) =>
  new PersistedQueryLink({ sha256: (text) => createHash("sha256").update(text).digest("hex"), ...more });

async function apollo({ url, headers, fetch, asked }, links) {
  const link = ApolloLink.from([...links, new HttpLink({ uri: url, headers, fetch })]);
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const list = () => client.query({ query: gql(LIST), variables: { take: 5 }, fetchPolicy: "network-only" });
  assert.equal((await list()).data.webhooks.pageInfo.totalItems, 0);
  const created = await client.mutate({ mutation: gql(CREATE), variables: INPUT });
  assert.match(created.data.createWebhook.secret, /^whsec_/);
  assert.equal((await list()).data.webhooks.pageInfo.totalItems, 1);
  const unknown = client.query({ query: gql('{ webhook(id: "none") { id } }'), fetchPolicy: "network-only" });
  await assert.rejects(unknown, (error) => error.errors[0].extensions.code === "WEBHOOK_NOT_FOUND");
  return asked.join(", ");
}

async function urql({ url, headers, fetch, asked }) {
  const client = new Client({ url, fetch, exchanges: [cacheExchange, fetchExchange], fetchOptions: { headers } });
  const created = await client.mutation(CREATE, INPUT);
  assert.equal(created.error, undefined);
  const listed = await client.query(LIST, { take: 5 });
  assert.equal(listed.error, undefined);
  assert.equal(listed.data.webhooks.pageInfo.totalItems, 1);
  const unknown = await client.query('{ webhook(id: "none") { id } }', {});
  assert.equal(unknown.error.graphQLErrors[0].extensions.code, "WEBHOOK_NOT_FOUND");
  assert.ok(asked.includes("GET 200"), `urql asks by GET: ${asked.join(", ")}`);
  return asked.join(", ");
}
