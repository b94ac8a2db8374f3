// A receiver as a customer would write it: the raw body, the headers, one call.
import { once } from "node:events";
import { createServer } from "node:http";
import { Webhook } from "bluehook";

/** Listens on a fresh port of this machine; `trust` tells it the secret that the webhook was created with. */
export async function startReceiver() {
  let webhook;
  const deliveries = [];
  const arrivals = [];

  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const delivery = { at: performance.now(), headers: request.headers, body };
    try {
      delivery.event = webhook.verify(body, request.headers);
      response.writeHead(204).end();
    } catch (error) {
      delivery.error = error;
      response.writeHead(400).end(error.message);
    }
    const waiting = arrivals.shift();
    if (waiting) waiting(delivery);
    else deliveries.push(delivery);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    trust: (secret) => { webhook = new Webhook(secret); },
    next: () => deliveries.length > 0
      ? Promise.resolve(deliveries.shift())
      : new Promise((resolve) => arrivals.push(resolve)),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
