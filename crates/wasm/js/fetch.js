// For everything that answers a `Request` with a `Response`: Next.js, SvelteKit, Hono, Cloudflare Workers, Deno, Bun.

import { WebhookVerificationError } from "bluehook";
import { receiver } from "./adapter.js";
import { kindOf } from "./options.js";
import { isResponse, requestIn, strange } from "./shapes.js";

export { memoryStore } from "./duplicates.js";

const WHERE = "webhookHandler of bluehook/fetch";
const USED =
  "Something read the request before this handler: give it the request first, or a clone made before (request.clone()); in Elysia " +
  'set { parse: "none" } for the route.';

export function webhookHandler(secret, handle, options) {
  const { bodyLimit, receive, refuse } = receiver(WHERE, secret, handle, options);
  return async (first, ...rest) => {
    const request = requestIn(first);
    if (request === undefined) throw strange(WHERE, first, rest[0]);
    // What came with the request comes after it.
    const asked = request === first ? [request, ...rest] : [request, first, ...rest];
    if (request.method !== "POST") return response(405, { code: "METHOD_NOT_ALLOWED" }, { allow: "POST" });
    const body = await read(request, bodyLimit);
    if (body === TOO_LARGE) return response(413, { code: "BODY_TOO_LARGE" });
    const result = body === undefined ? await refuse(used()) : await receive(body, request.headers, asked, (event) => handled(event, asked));
    if (result.answer !== undefined) return result.answer;
    const headers = result.retryAfter === undefined ? {} : { "retry-after": String(result.retryAfter) };
    return response(result.status, result.code === undefined ? undefined : { code: result.code }, headers);
  };

  async function handled(event, asked) {
    const answer = await handle(event, ...asked);
    if (answer === undefined || answer === null) return { status: 204 };
    if (isResponse(answer)) return { status: answer.status, answer };
    throw new TypeError(`${WHERE}: the handler gave ${kindOf(answer)}: return a Response, or nothing`);
  }
}

const TOO_LARGE = Symbol("too large");
const used = () => new WebhookVerificationError("BODY_NOT_RAW", "the request's body was read before this handler", USED);

// The raw bytes; `undefined` when something read them before. Reads no further than the limit.
async function read(request, limit) {
  if (request.bodyUsed || request.body?.locked) return undefined;
  if (Number(request.headers.get("content-length")) > limit) return TOO_LARGE;
  if (typeof request.body?.getReader !== "function") return whole(request, limit);
  const pieces = [];
  let length = 0;
  for (const reader = request.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return joined(pieces, length);
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      return TOO_LARGE;
    }
    pieces.push(value);
  }
}

// Requests without a stream: an empty one, or another library's.
async function whole(request, limit) {
  const body = request.body === null ? new Uint8Array() : new Uint8Array(await request.arrayBuffer());
  return body.length > limit ? TOO_LARGE : body;
}

function joined(pieces, length) {
  if (pieces.length === 1) return pieces[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function response(status, problem, headers = {}) {
  if (problem === undefined) return new Response(null, { status, headers });
  return new Response(JSON.stringify(problem), { status, headers: { ...headers, "content-type": "application/json" } });
}
