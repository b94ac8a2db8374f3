// The real program: what it prints, and a server on a fresh database in a folder of its own.

import { execFileSync } from "node:child_process";
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
