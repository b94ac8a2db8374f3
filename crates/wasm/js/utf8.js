// UTF-8 where there is no TextEncoder or TextDecoder, as in Jest's jsdom. The build puts these in the place of the globals.

class Encoder {
  encode(text) {
    const bytes = unescape(encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")));
    return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
  }

  // As many whole characters as fit; no more of the text is looked at than could.
  encodeInto(text, into) {
    const bytes = this.encode(text.slice(0, into.length));
    let written = Math.min(bytes.length, into.length);
    while ((bytes[written] & 0xc0) === 0x80) written -= 1;
    const fitting = bytes.subarray(0, written);
    into.set(fitting);
    return { read: new Decoder().decode(fitting).length, written };
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
