// Raw bodies: text or bytes.

let decoder;

// A text stays a text; bytes become a Uint8Array over the same memory; anything else is `undefined`.
export function rawBody(body) {
  if (typeof body === "string") return body;
  try {
    return bytesOf(body);
  } catch {
    // A buffer whose memory was handed on, or a proxy that throws.
    return undefined;
  }
}

function bytesOf(body) {
  if (ArrayBuffer.isView(body)) {
    // Throws where the memory was handed on: then there is no body, rather than an empty one.
    if (body.byteLength === 0) return new Uint8Array(body.buffer).subarray(0, 0);
    const bytes = body instanceof Uint8Array ? body : new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
    // Memory that others may write into or resize is copied: browsers decode no text from it, and it could change.
    return isFixed(body.buffer) ? bytes : new Uint8Array(bytes);
  }
  if (isBuffer(body)) return isFixed(body) ? new Uint8Array(body) : new Uint8Array(new Uint8Array(body));
  return undefined;
}

const tagOf = (value) => Object.prototype.toString.call(value);
const isShared = (value) => tagOf(value) === "[object SharedArrayBuffer]";
const isBuffer = (value) => tagOf(value) === "[object ArrayBuffer]" || isShared(value);
const isFixed = (buffer) => buffer.resizable !== true && (buffer instanceof ArrayBuffer || !isShared(buffer));

export function parse(body) {
  if (typeof body === "string") return JSON.parse(body);
  decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return JSON.parse(decoder.decode(body));
}
