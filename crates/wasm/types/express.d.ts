import type { AdapterOptions, SecretInput } from "./adapter.js";
import type { DeliveredCompactEvent, DeliveredEvent } from "./index.js";

export { memoryStore } from "./adapter.js";
export type { AdapterOptions, Claim, DuplicateStore, SecretInput } from "./adapter.js";

/** What is needed of Node's request, over HTTP/1 and HTTP/2. */
export interface IncomingRequest {
  readonly method?: string | undefined;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}

/** What is needed of Node's response. */
export interface OutgoingResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(body?: any): unknown;
}

/** What Express's requests have besides. */
export interface ExpressRequest extends IncomingRequest {
  readonly url: string;
  readonly originalUrl: string;
  readonly params: any;
  readonly query: any;
  readonly ip?: string | undefined;
  readonly app: any;
  get(name: string): string | undefined;
}

/** What Express's responses have besides. */
export interface ExpressResponse extends OutgoingResponse {
  status(code: number): this;
  sendStatus(code: number): this;
  send(body?: any): this;
  json(body?: any): this;
  set(name: string, value: string): this;
  locals: any;
}

/** A listener for Express and Node, and for contexts that hold Node's pair: Koa's, h3's. */
export interface WebhookListener {
  (request: IncomingRequest, response: OutgoingResponse, next?: (error?: any) => void): Promise<void>;
  (context: { readonly req: IncomingRequest; readonly res: OutgoingResponse }, next?: () => Promise<any>): Promise<void>;
}

/**
 * A request handler for Express, Connect, Koa, NestJS and `http.createServer`. It reads the raw body itself, or takes
 * `rawBody`: mount it before any body parser. What `handle` sends is the answer, or the status that it set; 204 when it did
 * neither. After the response it gets the context, where there is one: what it sets as the body of Koa's is the answer too.
 * Otherwise 400, 401 and 500 for refused requests, 405, 409 while the same delivery is being handled, 413. Probes are answered
 * here. Errors go to `next`.
 */
export function webhookHandler<
  Event extends DeliveredEvent | DeliveredCompactEvent = DeliveredEvent,
  Request extends IncomingRequest = ExpressRequest,
  Response extends OutgoingResponse = ExpressResponse,
>(
  secret: SecretInput<[request: Request, response: Response]>,
  handle: (event: Event, request: Request, response: Response, context: any) => unknown,
  options?: AdapterOptions,
): WebhookListener;
