// For everything that answers a `Request` with a `Response`: Next.js, Hono, Cloudflare Workers, Deno, Bun.

import { receiver } from "./adapter.js";

export { memoryStore } from "./adapter.js";

export function webhookHandler(secret, handle, options) {
  const { bodyLimit, receive } = receiver(secret, options);
  return async (request, ...rest) => {
    if (request.method !== "POST") return answer(405, { code: "METHOD_NOT_ALLOWED" }, { allow: "POST" });
    const body = await read(request, bodyLimit);
    if (body === undefined) return answer(413, { code: "BODY_TOO_LARGE" });
    const result = await receive(body, request.headers, (event) => handle(event, request, ...rest));
    if (result.answer instanceof Response) return result.answer;
    return answer(result.status, result.code === undefined ? undefined : { code: result.code });
  };
}

// The raw bytes; `undefined` when they are more than the limit, without reading further.
async function read(request, limit) {
  if (Number(request.headers.get("content-length")) > limit) return undefined;
  if (request.body === null) return new Uint8Array();
  const pieces = [];
  let length = 0;
  for (const reader = request.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return joined(pieces, length);
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      return undefined;
    }
    pieces.push(value);
  }
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

function answer(status, problem, headers = {}) {
  if (problem === undefined) return new Response(null, { status, headers });
  return new Response(JSON.stringify(problem), { status, headers: { ...headers, "content-type": "application/json" } });
}
