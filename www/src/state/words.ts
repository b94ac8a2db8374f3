// The words that every screen uses, and the shell's.

import { texts } from "./language.svelte";

export const words = texts(
  () => import("../text/en"),
  () => import("../text/it"),
);
