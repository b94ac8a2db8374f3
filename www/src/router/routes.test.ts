import { expect, test } from "vitest";

import { href, match, search } from "./routes";

test("an address leads to its route, and a fixed word is nobody's id", () => {
  expect(match("/webhooks")).toEqual({ name: "webhooks", params: {} });
  expect(match("/webhooks/new")).toEqual({ name: "newWebhook", params: {} });
  expect(match("/webhooks/clb4/test/")).toEqual({ name: "test", params: { id: "clb4" } });
  expect(match("/webhooks/a%2Fb/secret")).toEqual({ name: "secret", params: { id: "a/b" } });
  expect(match("/webhooks/%E0%A4%A/secret")?.params).toEqual({ id: "%E0%A4%A" });
  expect(match("/nothing")).toBeUndefined();
  expect(match("/webhooks/a/b/c")).toBeUndefined();
});

test("a route has its address, with what is asked, and without what is not", () => {
  expect(href("test", { id: "a/b" })).toBe("/webhooks/a%2Fb/test");
  expect(href("newWebhook", {}, { from: "clb4", event: undefined })).toBe("/webhooks/new?from=clb4");
  expect(search({ health: "FAILING,OFF", q: "" })).toBe("?health=FAILING,OFF");
});
