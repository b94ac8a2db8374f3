// Runtimes that compile no wasm from bytes (Cloudflare's, Vercel's edge) import it as a module.

import * as glue from "#glue";
import module from "#module";

const instance = glue.initSync({ module });

export const core = () => instance && glue;
export const memory = () => instance.memory;
