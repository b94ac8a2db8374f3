// The module travels inside the script: no file to find, no request to make, in any runtime and any bundle.

import { isFrequent, text } from "#bytes";
import { start as begin } from "./start.js";

export const start = () => begin(decode);

// The inverse of build.mjs's `spell`.
function decode() {
  const order = [...Array(256).keys()].sort((a, b) => isFrequent[b] - isFrequent[a]);
  const spelt = text();
  const bytes = [];
  for (let at = 0; at < spelt.length; at++) {
    let rank = spelt.charCodeAt(at) - 35;
    if (rank > 88) rank = spelt.charCodeAt(++at) - 35 + (rank - 88) * 89;
    bytes.push(order[rank]);
  }
  return new Uint8Array(bytes);
}
