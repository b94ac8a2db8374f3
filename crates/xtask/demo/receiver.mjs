// A receiver as a customer would write it: the raw body, the headers, one call.
import { once } from "node:events";
import { createServer } from "node:http";
import { Webhook } from "bluehook";

/** Said to a webhook whose secret nobody told. */
const UNKNOWN = "This receiver does not know the secret of this webhook yet: paste it into the terminal of the demonstration.";

/** Listens on a fresh port of this machine; `trust` tells it a secret, each delivery is verified with those it knows. */
export async function startReceiver() {
  const webhooks = [];
  const listeners = new Set();

  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const delivery = { at: performance.now(), headers: request.headers, body: Buffer.concat(chunks) };
    try {
      delivery.event = verify(webhooks, delivery);
      response.writeHead(204).end();
    } catch (error) {
      delivery.error = error;
      response.writeHead(401, { "content-type": "text/plain" }).end(`${UNKNOWN}\n${error.message}\n`);
    }
    for (const listener of listeners) listener(delivery);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    trust: (secret) => webhooks.unshift(new Webhook(secret)),
    onDelivery: (listener) => listeners.add(listener),
    next: () => new Promise((resolve) => {
      const once = (delivery) => (listeners.delete(once), resolve(delivery));
      listeners.add(once);
    }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The event, verified with the first secret that fits. */
function verify(webhooks, { headers, body }) {
  let refusal;
  for (const webhook of webhooks) {
    try {
      return webhook.verify(body, headers);
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal ?? new Error("no secret is known");
}
