import type { AdapterOptions, SecretInput } from "./adapter.js";
import type { DeliveredCompactEvent, DeliveredEvent } from "./index.js";

export { memoryStore } from "./adapter.js";
export type { AdapterOptions, Claim, DuplicateStore, SecretInput } from "./adapter.js";

/** What a framework hands over that holds the `Request`: SvelteKit's, Astro's, Elysia's context; Hono's; h3's, Fresh's. */
export type WithRequest = { readonly request: Request } | { readonly req: Request | { readonly raw: Request } };

/** A handler of requests, and of the contexts of frameworks. */
export interface RequestHandler<Rest extends unknown[]> {
  (request: Request, ...rest: [...Rest, ...any[]]): Promise<Response>;
  (context: WithRequest, ...rest: any[]): Promise<Response>;
}

/**
 * A function from `Request` to `Response`. What `handle` returns is answered, 204 when it returned nothing; 400, 401 and 500
 * for refused requests, 405, 409 while the same delivery is being handled, 413. Probes are answered here. What `handle` throws
 * is passed on. After the request, `handle` gets what else the framework passed.
 */
export function webhookHandler<Event extends DeliveredEvent | DeliveredCompactEvent = DeliveredEvent, Rest extends unknown[] = any[]>(
  secret: SecretInput<[request: Request, ...rest: Rest]>,
  handle: (event: Event, request: Request, ...rest: [...Rest, ...any[]]) => Response | void | undefined | null | Promise<Response | void | undefined | null>,
  options?: AdapterOptions,
): RequestHandler<Rest>;
