import type { AdapterOptions, SecretInput } from "./adapter.js";
import type { WebhookEvent } from "./index.js";

export { memoryStore } from "./adapter.js";
export type { AdapterOptions, DuplicateStore, SecretInput } from "./adapter.js";

interface IncomingRequest {
  method?: string;
  headers: Record<string, string | string[] | undefined>;
  body?: unknown;
}

interface OutgoingResponse {
  statusCode: number;
  headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(body?: string): unknown;
}

/**
 * A request handler for Express, Connect and `http.createServer`. It reads the raw body itself: mount it before any body
 * parser. 204 when `handle` sent nothing, 400 and 401 for refused requests, 405, 413; errors go to `next`.
 */
export function webhookHandler<Request extends IncomingRequest, Response extends OutgoingResponse>(
  secret: SecretInput,
  handle: (event: WebhookEvent, request: Request, response: Response) => unknown,
  options?: AdapterOptions,
): (request: Request, response: Response, next?: (error?: unknown) => void) => Promise<void>;
