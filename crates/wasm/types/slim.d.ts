/** Takes the module of `bluehook/bluehook.wasm`, compiled or as its bytes. Call it once, before anything else. */
export function init(module: WebAssembly.Module | BufferSource): void;

export * from "./index.js";
