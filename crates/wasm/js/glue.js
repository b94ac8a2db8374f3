// The small module's functions take and give numbers only, so they need nothing around them: instead of wasm-bindgen's glue.

export let core;

export function initSync({ module }) {
  const compiled = module instanceof WebAssembly.Module ? module : new WebAssembly.Module(module);
  core = new WebAssembly.Instance(compiled).exports;
  return core;
}
