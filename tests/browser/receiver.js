// A receiver on this machine: keeps what came, to the byte, and answers as it is told.

import { createServer } from "node:http";

/** Starts one. `answer` may be changed at any time: `hang` leaves the caller waiting. */
export async function receiver(status = 204, body = "", headers = { "content-type": "application/json" }) {
  const got = [];
  const waiting = [];
  const answer = { status, body, headers, hang: false };
  const server = createServer(async (request, response) => {
    const came = { headers: request.headers, body: Buffer.concat(await request.toArray()) };
    got.push(came);
    waiting.shift()?.(came);
    if (!answer.hang) response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const host = `127.0.0.1:${server.address().port}`;
  const next = () => new Promise((resolve) => waiting.push(resolve));
  const stop = () => new Promise((closed) => server.close(closed).closeAllConnections());
  return { url: `http://${host}/hooks/blue`, host, got, answer, next, stop };
}
