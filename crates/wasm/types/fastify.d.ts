import type { AdapterOptions, SecretInput } from "./adapter.js";
import type { DeliveredCompactEvent, DeliveredEvent } from "./index.js";

export { memoryStore } from "./adapter.js";
export type { AdapterOptions, Claim, DuplicateStore, SecretInput } from "./adapter.js";

/** What is used of Fastify's request. */
export interface FastifyRequestLike {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly ip: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly params: any;
  readonly query: any;
  readonly body: any;
  readonly raw: any;
  readonly log: any;
  readonly server: any;
}

/** What is used of Fastify's reply. */
export interface FastifyReplyLike {
  statusCode: number;
  readonly sent: boolean;
  readonly raw: any;
  readonly log: any;
  code(status: number): this;
  status(status: number): this;
  header(name: string, value: any): this;
  type(contentType: string): this;
  send(payload?: any): this;
}

export interface PluginOptions<Event extends DeliveredEvent | DeliveredCompactEvent = DeliveredEvent> extends AdapterOptions {
  /** The route's path. */
  url: string;
  secret?: SecretInput<[request: FastifyRequestLike, reply: FastifyReplyLike]>;
  /** What it sends is the answer, or the status that it set; 204 when it did neither. */
  handle: (event: Event, request: FastifyRequestLike, reply: FastifyReplyLike) => unknown;
}

/** A plugin with one route, whose raw-body parser holds inside it only: `fastify.register(webhookPlugin, { url, secret, handle })`. */
export function webhookPlugin(fastify: any, options: PluginOptions): Promise<void>;
