// The modules' functions take and give numbers only, so they need nothing around them: instead of wasm-bindgen's glue.

export let core;

export function initSync({ module }) {
  const compiled = module instanceof WebAssembly.Module ? module : new WebAssembly.Module(module);
  core = new WebAssembly.Instance(compiled, ASKS_THE_TIME ? clock(compiled) : undefined).exports;
  return core;
}

// The preview asks for the time. What else its module names, for closures that nobody makes, is never called.
function clock(compiled) {
  const imports = {};
  for (const { module, name } of WebAssembly.Module.imports(compiled)) (imports[module] ??= {})[name] = Date.now;
  return imports;
}
