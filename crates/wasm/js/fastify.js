// For Fastify: a plugin that adds one route. Its raw-body parser holds inside the plugin only.

import { OPTIONS, receiver } from "./adapter.js";
import { FUNCTION, TEXT, checkOptions } from "./options.js";
import { isResponse } from "./shapes.js";

export { memoryStore } from "./duplicates.js";

const WHERE = "webhookPlugin of bluehook/fastify";
// What `register` itself takes.
const ANY = [() => true];
const KNOWN = { url: TEXT, secret: ANY, handle: FUNCTION, ...OPTIONS, prefix: ANY, logLevel: ANY, logSerializers: ANY };

export async function webhookPlugin(fastify, options = {}) {
  checkOptions(WHERE, options, KNOWN);
  const { url, secret, handle, prefix, logLevel, logSerializers, ...ofReceiver } = options;
  if (url === undefined) throw new TypeError(`${WHERE}: url: expected the route's path`);
  const { bodyLimit, receive } = receiver(WHERE, secret, handle, ofReceiver);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, body, done) => done(null, body));
  fastify.post(url, async (request, reply) => {
    const body = request.body ?? Buffer.alloc(0);
    const result = await receive(body, request.headers, [request, reply], (event) => handled(event, request, reply));
    if (reply.sent) return reply;
    const { status, code, retryAfter } = result;
    if (retryAfter !== undefined) reply.header("retry-after", String(retryAfter));
    return code === undefined ? reply.code(status).send() : reply.code(status).send({ code });
  });

  // The status is the one that the handler chose, if it did.
  async function handled(event, request, reply) {
    const before = reply.statusCode;
    const given = await handle(event, request, reply);
    if (isResponse(given)) throw new TypeError(`${WHERE}: the handler gave a fetch Response; answer by reply.code(…).send(…)`);
    return { status: reply.sent || reply.statusCode !== before ? reply.statusCode : 204 };
  }
}
