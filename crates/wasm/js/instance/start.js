// Compiling, at the first use: importing the package costs nothing, and works where there is no WebAssembly.

import { initSync } from "#glue";
import { WebhookVerificationError } from "../errors.js";

let instance;

// What the module exports; `find` gives the module, or its bytes.
export function start(find) {
  if (instance !== undefined) return instance;
  if (typeof WebAssembly !== "object") throw noWebAssembly("there is no WebAssembly here");
  const module = known(find());
  try {
    instance = initSync({ module });
  } catch (error) {
    throw noWebAssembly(`WebAssembly does not compile here: ${error?.message}`, error);
  }
  return instance;
}

// A module of another realm is one, but not to `instanceof`, by which the glue asks (Next.js's edge runtime).
function known(module) {
  const isModule = Object.prototype.toString.call(module) === "[object WebAssembly.Module]";
  if (isModule && !(module instanceof WebAssembly.Module)) Object.setPrototypeOf(module, WebAssembly.Module.prototype);
  return module;
}

function noWebAssembly(message, cause) {
  const hint =
    "A Content-Security-Policy has to allow 'wasm-unsafe-eval' in script-src; Node must not run with --jitless. Where modules " +
    "may be imported but not compiled from bytes, use bluehook/slim with bluehook/bluehook.wasm.";
  return new WebhookVerificationError("NO_WEBASSEMBLY", message, hint, { cause });
}
