// Raw bodies: text or bytes, and what to say about anything else.

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// A text stays a text; bytes become a Uint8Array over the same memory; anything else is `undefined`.
export function rawBody(body) {
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  const tag = Object.prototype.toString.call(body);
  return tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]" ? new Uint8Array(body) : undefined;
}

// How to get at the raw body, for someone who passed something else.
export function notRawHint(body) {
  if (body === undefined || body === null) {
    return "There is no body: nothing read it, or it was passed under another name.";
  }
  if (typeof body.then === "function") return "A promise was passed: await it first.";
  if (typeof body.text === "function") return "A Request, Response or Blob was passed: pass `await request.text()`.";
  if (typeof body.getReader === "function" || typeof body.pipe === "function") {
    return "A stream was passed: read it to its end and pass its bytes.";
  }
  return (
    "A parsed body was passed, and parsing loses the exact bytes that were signed. Pass what came over the wire: " +
    'express.raw({ type: "application/json" }) in Express, request.text() in fetch handlers.'
  );
}

export function parse(body) {
  return JSON.parse(typeof body === "string" ? body : decoder.decode(body));
}
