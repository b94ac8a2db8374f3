import type { AdapterOptions, SecretInput } from "./adapter.js";
import type { WebhookEvent } from "./index.js";

export { memoryStore } from "./adapter.js";
export type { AdapterOptions, DuplicateStore, SecretInput } from "./adapter.js";

interface PluginOptions extends AdapterOptions {
  /** The route's path. */
  url: string;
  secret: SecretInput;
  handle: (event: WebhookEvent, request: any, reply: any) => unknown;
}

/** A plugin with one route, whose raw-body parser holds inside it only: `fastify.register(webhookPlugin, { url, secret, handle })`. */
export function webhookPlugin(fastify: any, options: PluginOptions): Promise<void>;
