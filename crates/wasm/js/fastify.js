// For Fastify: a plugin that adds one route. Its raw-body parser holds inside the plugin only.

import { receiver } from "./adapter.js";

export { memoryStore } from "./adapter.js";

export async function webhookPlugin(fastify, { url, secret, handle, ...options }) {
  const { bodyLimit, receive } = receiver(secret, options);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, body, done) => done(null, body));
  fastify.post(url, async (request, reply) => {
    const body = request.body ?? Buffer.alloc(0);
    const { status, code } = await receive(body, request.headers, (event) => handle(event, request, reply));
    if (reply.sent) return reply;
    return code === undefined ? reply.code(status).send() : reply.code(status).send({ code });
  });
}
