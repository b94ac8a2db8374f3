// The module travels inside the script: no file to find, no request to make, in any runtime and any bundle.

import { frequent, length, text } from "#bytes";
import { start as begin } from "./start.js";

export const start = () => begin(decode);

// The inverse of build.mjs's `spell`.
function decode() {
  const bytes = new Uint8Array(length);
  const order = [...new Set([...frequent, ...Array(256).keys()])];
  for (let at = 0, i = 0; i < length; i++) {
    let rank = text.charCodeAt(at++) - 35;
    if (rank > 88) rank = text.charCodeAt(at++) - 35 + (rank - 88) * 89;
    bytes[i] = order[rank];
  }
  return bytes;
}
