/** A `WebAssembly.Module`, where a runtime or bundler imports one. */
declare const module: object;
export default module;
