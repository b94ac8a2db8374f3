// The module travels inside the script: no file to find, no request to make, in any runtime and any bundle.

import { initSync } from "#glue";
import { length, steps, text } from "#bytes";

const instance = initSync({ module: decode() });

// The module's memory. Whoever calls the glue asks for it first, which also keeps bundlers from dropping the line above.
export const memory = () => instance.memory;

// The inverse of build.mjs's `spell`.
function decode() {
  const bytes = new Uint8Array(length);
  let byte = 0;
  const order = [...new Set([...steps.map((step) => (byte += step)), ...Array(256).keys()])];
  for (let at = 0, i = 0; i < length; i++) {
    let rank = text.charCodeAt(at++) - 35;
    if (rank > 88) rank = text.charCodeAt(at++) - 35 + (rank - 88) * 89;
    bytes[i] = order[rank];
  }
  return bytes;
}
