// The real program: what it prints, and a server on a fresh database in a folder of its own.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { PROGRAM, serve as start } from "../browser/program.js";

/** The admin token of the servers. */
export const TOKEN = "admin-token-of-the-contracts-0123456789";

/** What a command prints. */
export function printed(...command) {
  return execFileSync(PROGRAM, command, { encoding: "utf8", maxBuffer: 16 << 20 });
}

/** Starts a server; gives its address, and how to stop it. */
export const serve = () =>
  start({
    BLUEHOOK_ADMIN_TOKEN: TOKEN,
    BLUEHOOK_ALLOW_NETWORK: "127.0.0.0/8",
    BLUEHOOK_WEBHOOK_LIMIT_PER_COMPANY: "1000000",
  });

/** Passes connections on to a server, each from an address of its own: who tries wrong tokens is soon told to wait. */
export async function relay(url) {
  const { hostname: host, port } = new URL(url);
  let count = 0;
  const listener = createServer((near) => {
    count += 1;
    const far = connect({ host, port, localAddress: `127.1.${(count >> 8) & 255}.${count & 255 || 1}` });
    const end = () => [near, far].forEach((side) => side.destroy());
    [near, far].forEach((side) => side.on("error", end));
    near.pipe(far).pipe(near);
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  return { url: `http://127.0.0.1:${listener.address().port}`, stop: () => listener.close() };
}
