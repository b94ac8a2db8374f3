// The texts of these examples, in both languages.

import { texts } from "../../../state/language.svelte";

export const text = texts(
  () => import("./text/en"),
  () => import("./text/it"),
);
