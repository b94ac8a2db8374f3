// Runtimes that compile no wasm from bytes (Cloudflare's, Vercel's edge) import it as a module.

import module from "#module";
import { start as begin } from "./start.js";

export const start = () => begin(() => module);
