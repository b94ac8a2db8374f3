// `bluehook/slim`: whoever imports it brings the module.

import { initSync } from "#glue";

let instance;

export function init(module) {
  instance = initSync({ module });
}

export function memory() {
  if (instance === undefined) throw new Error("bluehook/slim: call init() with the module of bluehook/bluehook.wasm first");
  return instance.memory;
}
