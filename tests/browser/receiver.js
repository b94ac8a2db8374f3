// A receiver on this machine: keeps what came, to the byte.

import { createServer } from "node:http";

/** Starts one; gives its address, what came so far, and a promise of the next request. */
export async function receiver() {
  const requests = [];
  const waiting = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const came = { headers: request.headers, raw: request.rawHeaders, body };
    requests.push(came);
    waiting.shift()?.(came);
    response.writeHead(204).end();
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${server.address().port}/hook`;
  const next = () => new Promise((resolve) => waiting.push(resolve));
  const close = () => new Promise((closed) => (server.closeAllConnections(), server.close(closed)));
  return { url, requests, next, close };
}
