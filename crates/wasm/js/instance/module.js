// Runtimes that compile no wasm from bytes (Cloudflare's, Vercel's edge) import it as a module.

import { initSync } from "#glue";
import module from "#module";

const instance = initSync({ module });

export const memory = () => instance.memory;
