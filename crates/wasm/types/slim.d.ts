/** Takes the module of `bluehook/bluehook.wasm`: a `WebAssembly.Module`, or its bytes. Call it once, before anything else. */
export function init(module: object): void;

export * from "./index.js";
