// The real program, on a fresh database in a folder of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The program that was built. */
export const PROGRAM = process.env.BLUEHOOK_BIN ?? fileURLToPath(new URL("../../target/debug/bluehook", import.meta.url));

/** Starts the program, with settings besides the usual ones; gives its address, and how to stop it. */
export async function serve(more = {}) {
  const folder = await mkdtemp(join(tmpdir(), "bluehook-tests-"));
  const settings = { BLUEHOOK_LISTEN: "127.0.0.1:0", BLUEHOOK_DATABASE: "sqlite:bluehook.db", ...more };
  const program = spawn(PROGRAM, ["serve"], { cwd: folder, env: { PATH: process.env.PATH, ...settings } });
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
    const url = line.match(/serving at (http:\/\/127\.0\.0\.1:\d+)/)?.[1];
    if (url !== undefined) {
      program.stderr.resume();
      return url;
    }
  }
  throw new Error(`the program ended without listening:\n${said.join("\n")}`);
}
