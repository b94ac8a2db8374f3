// The real program: what it prints, and a server on a fresh database in a folder of its own.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = process.env.BLUEHOOK_BIN ?? fileURLToPath(new URL("../../target/debug/bluehook", import.meta.url));

/** The admin token of the servers. */
export const TOKEN = "admin-token-of-the-contracts-0123456789";

/** What a command prints. */
export function printed(...command) {
  return execFileSync(PROGRAM, command, { encoding: "utf8", maxBuffer: 16 << 20 });
}

/** Starts a server; gives its address, and how to stop it. */
export async function serve() {
  const folder = await mkdtemp(join(tmpdir(), "bluehook-contracts-"));
  const env = {
    PATH: process.env.PATH,
    BLUEHOOK_LISTEN: "127.0.0.1:0",
    BLUEHOOK_DATABASE: "sqlite:bluehook.db",
    BLUEHOOK_ADMIN_TOKEN: TOKEN,
    BLUEHOOK_ALLOW_NETWORK: "127.0.0.0/8",
    BLUEHOOK_WEBHOOK_LIMIT_PER_COMPANY: "1000000",
  };
  const program = spawn(PROGRAM, ["serve"], { cwd: folder, env });
  const exited = once(program, "exit");
  program.stdout.resume();
  const url = await address(program);
  const stop = async () => {
    program.kill();
    await exited;
    await rm(folder, { recursive: true });
  };
  return { url, stop };
}

/** Where it says that it listens. */
async function address(program) {
  const said = [];
  for await (const line of createInterface({ input: program.stderr })) {
    said.push(line);
    const url = line.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
    if (url !== undefined) {
      program.stderr.resume();
      return url;
    }
  }
  throw new Error(`the program ended without listening:\n${said.join("\n")}`);
}
