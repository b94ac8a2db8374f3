// What only the server gives a webhook, as JSON by name: the real values of a saved one, examples for one that is not.

import type { Webhook } from "../../api/types";

const EXAMPLE = {
  id: "clb4qaopy0000vt24mlp28v03",
  uid: "edb5b5d51dc9461a952160dbe72153b4",
  status: "HEALTHY",
  enabled: true,
  createdAt: "2022-12-01T07:01:25.014Z",
  updatedAt: "2022-12-01T07:01:25.014Z",
};

/** The values; a new webhook is its maker's. */
export function givenOf(saved: Webhook | undefined, userId: string): Record<string, string> {
  const { id, uid, status, enabled, createdAt, updatedAt } = saved ?? EXAMPLE;
  const given = { id, uid, status, enabled, createdById: saved?.createdById ?? userId, createdAt, updatedAt };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, JSON.stringify(value)]));
}
