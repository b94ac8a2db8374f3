// For Express 4 and 5, Connect, and plain `http.createServer`: reads the raw body itself, or takes what `express.raw` read.

import { receiver } from "./adapter.js";

export { memoryStore } from "./adapter.js";

export function webhookHandler(secret, handle, options) {
  const { bodyLimit, receive } = receiver(secret, options);
  return async (request, response, next = (error) => fail(response, error)) => {
    try {
      if (request.method !== "POST") return void send(response.setHeader("allow", "POST"), 405, "METHOD_NOT_ALLOWED");
      const body = await read(request, bodyLimit);
      if (body === undefined) return void send(response.setHeader("connection", "close"), 413, "BODY_TOO_LARGE");
      const { status, code } = await receive(body, request.headers, (event) => handle(event, request, response));
      if (!response.headersSent) send(response, status, code);
    } catch (error) {
      next(error);
    }
  };
}

// The raw bytes; `undefined` when they are more than the limit. A parser that came first left its result in `body`, which
// `verify` then refuses with a hint.
async function read(request, limit) {
  if (request.readableEnded) return request.body;
  if (Number(request.headers["content-length"]) > limit) return undefined;
  const pieces = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length > limit) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function send(response, status, code) {
  response.statusCode = status;
  if (code === undefined) return void response.end();
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ code }));
}

// Without a framework there is nobody to pass errors to.
function fail(response, error) {
  console.error(error);
  if (!response.headersSent) send(response, 500, "INTERNAL_SERVER_ERROR");
}
