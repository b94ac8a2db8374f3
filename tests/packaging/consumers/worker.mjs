import { check } from "./check.mjs";

export default { fetch: () => new Response(check()) };
