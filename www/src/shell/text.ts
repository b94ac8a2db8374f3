// The shell's own texts, in both languages: they come with the parts that say them.

import { texts } from "../state/language.svelte";

export const text = texts(
  () => import("./text/en"),
  () => import("./text/it"),
);
