// `bluehook/slim`: whoever imports it brings the module.

import { start as begin } from "./start.js";

let given;

export function init(module) {
  if (typeof module !== "object" || module === null) {
    throw new TypeError("bluehook/slim: init(module) takes a WebAssembly.Module, or the bytes of one");
  }
  given = module;
  start();
}

export const start = () =>
  begin(() => {
    if (given === undefined) throw new Error("bluehook/slim: call init() with the module of bluehook/bluehook.wasm first");
    return given;
  });
