// The texts of the dialog that shows a secret once, in both languages.

import { texts } from "../state/language.svelte";

export const text = texts(
  () => import("./text/en"),
  () => import("./text/it"),
);
