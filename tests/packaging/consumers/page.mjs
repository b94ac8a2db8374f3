import { check } from "./check.mjs";

try {
  document.title = check();
} catch (error) {
  document.title = String(error);
}
