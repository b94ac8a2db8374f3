// `bluehook/slim`: whoever imports it brings the module.

import * as glue from "#glue";

let instance;

export function init(module) {
  instance = glue.initSync({ module });
}

export function core() {
  if (instance === undefined) throw new Error("bluehook/slim: call init() with the module of bluehook/bluehook.wasm first");
  return glue;
}

export const memory = () => instance.memory;
