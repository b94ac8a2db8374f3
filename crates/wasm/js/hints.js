// What to do about arguments that cannot be what they should be.

const LAMBDA =
  "This is AWS Lambda's event: pass Buffer.from(event.body, event.isBase64Encoded ? \"base64\" : \"utf8\") and event.headers.";
const PARSED =
  "A parsed body was passed, and parsing loses the exact bytes that were signed. Pass what came over the wire: " +
  'express.raw({ type: "application/json" }) in Express, `await request.text()` in fetch handlers, request.rawBody where a ' +
  "platform keeps it (Firebase, Google Cloud Functions, NestJS with rawBody: true).";

// How to get at the raw body, for someone who passed something else.
export function bodyHint(body, headers) {
  return look(() => bodyMistake(body, headers)) ?? PARSED;
}

function bodyMistake(body, headers) {
  if (body === undefined || body === null) {
    return "There is no body: nothing read it, something else read it first, or it was passed under another name.";
  }
  if (hasSignature(body) && !hasSignature(headers)) return "The arguments are swapped: verify(body, headers).";
  if (isFunction(body.then)) return "A promise was passed: await it first.";
  if (typeof body.body === "string" && ("isBase64Encoded" in body || "requestContext" in body)) return LAMBDA;
  if (isFunction(body.text) || isFunction(body.arrayBuffer)) {
    return "A Request, Response or Blob was passed: pass `await request.text()`.";
  }
  if (isFunction(body.getReader) || isFunction(body.pipe)) {
    return "A stream was passed: read it to its end and pass its bytes.";
  }
  if (body.type === "Buffer" && Array.isArray(body.data)) {
    return "A Buffer that went through JSON was passed: keep the bytes as they are, or pass Buffer.from(body.data).";
  }
  if (Array.isArray(body) && ArrayBuffer.isView(body[0])) return "A list of pieces was passed: pass Buffer.concat(pieces).";
  if (isBytes(body)) return "The body's memory was handed on to someone else: verify it before, or pass a copy.";
  return undefined;
}

// What to change about headers in which there is no signature; `undefined` where they look like headers.
export function headersHint(headers) {
  return look(() => headersMistake(headers), "The headers cannot be read: looking at them throws.");
}

function headersMistake(headers) {
  if (headers === undefined || headers === null) return "No headers were passed: verify(body, request.headers).";
  if (typeof headers !== "object") return "Headers are an object, a Map, a Headers or a list of pairs: pass request.headers.";
  if (isFunction(headers.then)) return "A promise was passed in place of headers: `await headers()` (Next.js 15 and later).";
  if (isBytes(headers)) return "The arguments are swapped: verify(body, headers).";
  if (typeof headers.body === "string" && typeof headers.headers === "object") return LAMBDA;
  if (typeof headers.headers === "object" && headers.headers !== null) return "A whole request was passed in place of headers: pass request.headers.";
  return undefined;
}

function hasSignature(value) {
  if (typeof value !== "object" || value === null) return false;
  if (isFunction(value.get)) return typeof value.get("webhook-signature") === "string" || typeof value.get("x-signature") === "string";
  return Object.keys(value).some((name) => /^(?:x-signature|webhook-signature)$/i.test(name));
}

const isFunction = (value) => typeof value === "function";
const isBytes = (value) => ArrayBuffer.isView(value) || /^\[object (?:Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));

// Strangers' objects may throw at any look.
function look(at, otherwise) {
  try {
    return at();
  } catch {
    return otherwise;
  }
}
