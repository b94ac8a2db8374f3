// UTF-8 where there is no TextEncoder or TextDecoder, as in Jest's jsdom. The build puts these in the place of the globals.

class Encoder {
  encode(text) {
    const bytes = unescape(encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")));
    return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
  }

  // As much of the text as fits for certain.
  encodeInto(text, into) {
    let read = Math.min(text.length, Math.floor(into.length / 3));
    // Not between the halves of a pair.
    if (read < text.length && /[\ud800-\udbff]/.test(text[read - 1])) read -= 1;
    const bytes = this.encode(text.slice(0, read));
    into.set(bytes);
    return { read, written: bytes.length };
  }
}

// Throws for what is not UTF-8, and keeps a byte-order mark.
class Decoder {
  decode(bytes = []) {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return decodeURIComponent(escape(text));
  }
}

export const TextEncoder = globalThis.TextEncoder ?? Encoder;
export const TextDecoder = globalThis.TextDecoder ?? Decoder;
