import { expect, test } from "vitest";

import { problemIn } from "./problem";

const answer = (status: number, body: string, headers: Record<string, string> = {}): Response =>
  new Response(body, { status, headers });

test("a problem keeps its code, its parameters and the place of every error", async () => {
  const body = {
    title: "Bad input",
    status: 400,
    detail: "The URL is none.",
    code: "BAD_USER_INPUT",
    params: {},
    requestId: "req_1",
    errors: [{ pointer: "/url", code: "URL_SCHEME", params: { found: "ftp" }, detail: "expected http or https, found ftp" }],
    errorCount: 120,
  };
  const problem = await problemIn(answer(400, JSON.stringify(body)));
  expect(problem).toMatchObject({ status: 400, code: "BAD_USER_INPUT", message: "The URL is none.", requestId: "req_1", errorCount: 120 });
  expect(problem.at("/url")[0]?.params).toEqual({ found: "ftp" });
  expect(problem.at("/u")).toEqual([]);
});

test("what is no problem+json has its status, whatever it says", async () => {
  for (const body of ["<html>Bad gateway</html>", "", "null", "[1]", '{"errors":"many","detail":7}']) {
    const problem = await problemIn(answer(502, body, { "x-request-id": "req_2" }));
    expect(problem).toMatchObject({ status: 502, message: "HTTP 502", errors: [], requestId: "req_2" });
  }
});
