// The module travels inside the script: no file to find, no request to make, in any runtime and any bundle.

import { initSync } from "#glue";
import base64 from "#base64";

const instance = initSync({ module: decode(base64) });

// The module's memory. Whoever calls the glue asks for it first, which also keeps bundlers from dropping the line above.
export const memory = () => instance.memory;

function decode(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
