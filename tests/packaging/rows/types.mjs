// Types: what a program sees, in every module resolution, and what the two checkers of packages say.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const tool = (path, args, { here, project }) =>
  execFileSync(process.execPath, [join(here, "node_modules", path), ...args], { cwd: project, encoding: "utf8", stdio: "pipe" });

export const rows = {
  "types, node": (given) => types(given, "node20"),
  "types, bundler": (given) => types(given, "esnext", "bundler"),
  publint: (given) => tool("publint/src/cli.js", ["--strict", "node_modules/bluehook"], given),
  "are the types wrong": (given) =>
    tool("@arethetypeswrong/cli/dist/index.js", ["--profile", "node16", "--exclude-entrypoints", "bluehook.wasm", "--format", "ascii", given.packed], given),
};

function types(given, module, moduleResolution = module) {
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: false, target: "es2022", lib: ["es2022", "dom", "dom.iterable"], types: ["node"], module, moduleResolution, esModuleInterop: true, exactOptionalPropertyTypes: false };
  if (moduleResolution === "node20") compilerOptions.moduleResolution = "nodenext";
  writeFileSync(join(given.project, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: true }, files: ["consumers/types.mts"] }));
  return tool("typescript/bin/tsc", ["-p", "tsconfig.json"], given) || "no complaint";
}
