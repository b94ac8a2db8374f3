// The raw body of Node's requests.

import { WebhookVerificationError } from "bluehook";

const CURES =
  "Mount this handler before any body parser, or let the parser keep the bytes: " +
  "express.json({ verify: (request, _response, bytes) => { request.rawBody = bytes; } }) in Express, " +
  "NestFactory.create(AppModule, { rawBody: true }) in NestJS, export const config = { api: { bodyParser: false } } in Next.js's pages. " +
  'Or parse nothing: express.raw({ type: "application/json" }).';

// `{body}`, or `{problem}`: `BODY_TOO_LARGE`, or the error that says why there is no raw body. `context` is what came with the
// request, such as Koa's.
export async function readNode(request, limit, context) {
  const kept = [request.rawBody, context?.request?.rawBody, request.body, context?.request?.body].find(isRaw);
  const body = kept ?? (isReadable(request) ? await gather(request, limit) : undefined);
  if (body === TOO_LARGE || Buffer.byteLength(body ?? "") > limit) return { problem: "BODY_TOO_LARGE" };
  return body === undefined ? { problem: consumed(request) } : { body };
}

const isRaw = (body) => typeof body === "string" || ArrayBuffer.isView(body);
const isReadable = (request) => request.readable === true && !request.readableDidRead && !request.readableEnded;
const TOO_LARGE = Symbol("too large");

async function gather(request, limit) {
  if (Number(request.headers["content-length"]) > limit) return TOO_LARGE;
  const pieces = [];
  let length = 0;
  for await (const piece of request) {
    // After `setEncoding` the pieces are text.
    const bytes = typeof piece === "string" ? Buffer.from(piece, request.readableEncoding ?? "utf8") : piece;
    length += bytes.length;
    if (length > limit) return TOO_LARGE;
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

function consumed(request) {
  const parsed = request.body !== undefined && request.body !== null;
  const message = parsed ? "the body was parsed before this handler" : "the body was read before this handler";
  return new WebhookVerificationError("BODY_NOT_RAW", message, CURES);
}
