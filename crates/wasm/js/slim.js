export { init } from "#instance";
export * from "./index.js";
