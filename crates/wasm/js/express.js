// For Express 4 and 5, Connect, Koa, NestJS, Next.js's pages and plain `http.createServer`: reads the raw body itself, or takes
// what kept it.

import { receiver } from "./adapter.js";
import { readNode } from "./incoming.js";
import { isRequest, isResponse, pairIn, strange } from "./shapes.js";

export { memoryStore } from "./duplicates.js";

const WHERE = "webhookHandler of bluehook/express";

// What a response's status is before anybody chose one.
const UNDECIDED = 200;

export function webhookHandler(secret, handle, options) {
  const { bodyLimit, receive, refuse } = receiver(WHERE, secret, handle, options);
  return async (first, second, third) => {
    const pair = isRequest(first) ? undefined : pairIn(first, second);
    if (pair === undefined || isFastify(second)) throw strange(WHERE, first, second);
    const [request, response] = pair;
    // Koa and h3 take errors from the promise.
    const direct = request === first;
    const next = direct ? (third ?? ((error) => fail(response, error))) : (error) => Promise.reject(error);
    try {
      if (request.method !== "POST") return send(response, 405, "METHOD_NOT_ALLOWED", { allow: "POST" });
      const { body, problem } = await readNode(request, bodyLimit, direct ? undefined : first);
      if (problem === "BODY_TOO_LARGE") return send(response, 413, problem, closing(request));
      if (problem !== undefined) return await answer(await refuse(problem));
      const asked = direct ? [request, response] : [request, response, first];
      await answer(await receive(body, request.headers, asked, (event) => handled(event, asked, response)));
    } catch (error) {
      return next(error);
    }

    // A mistake of this receiver is the framework's to report, as any error.
    function answer({ status, code, error, retryAfter, done }) {
      if (done || response.headersSent) return undefined;
      if (status === 500 && error !== undefined && direct && third !== undefined) return third(error);
      return send(response, status, code, retryAfter === undefined ? {} : { "retry-after": String(retryAfter) });
    }
  };

  // The status is the one that the handler chose, if it did.
  async function handled(event, asked, response) {
    // Koa begins with 404.
    response.statusCode = UNDECIDED;
    const given = await handle(event, ...asked);
    if (isResponse(given)) throw new TypeError(`${WHERE}: the handler gave a fetch Response; answer by the response it was given, or use bluehook/fetch`);
    // What was set as the body of Koa's context, Koa sends.
    const isKoas = (asked[2]?.response?.body ?? undefined) !== undefined;
    if (response.headersSent || isKoas) return { status: response.statusCode, done: true };
    return { status: response.statusCode === UNDECIDED ? 204 : response.statusCode };
  }
}

const isFastify = (second) => typeof second?.code === "function" && typeof second.raw === "object";

// HTTP/2 knows no such header.
const closing = (request) => (request.httpVersionMajor >= 2 ? {} : { connection: "close" });

function send(response, status, code, headers = {}) {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (code === undefined) return void response.end();
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ code }));
}

// Without a framework there is nobody to pass errors to.
function fail(response, error) {
  console.error(error);
  if (!response.headersSent) send(response, 500, "INTERNAL_SERVER_ERROR");
}
