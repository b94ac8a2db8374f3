import type { AdapterOptions, SecretInput } from "./adapter.js";
import type { WebhookEvent } from "./index.js";

export { memoryStore } from "./adapter.js";
export type { AdapterOptions, DuplicateStore, SecretInput } from "./adapter.js";

/**
 * A function from `Request` to `Response`. 204 when `handle` returned nothing, 400 and 401 for refused requests, 405, 413;
 * what `handle` throws is passed on.
 */
export function webhookHandler<Rest extends unknown[]>(
  secret: SecretInput,
  handle: (event: WebhookEvent, request: Request, ...rest: Rest) => Response | void | Promise<Response | void>,
  options?: AdapterOptions,
): (request: Request, ...rest: Rest) => Promise<Response>;
