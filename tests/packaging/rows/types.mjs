// Types: what a program sees, in every module resolution, and what the two checkers of packages say.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const tool = (path, args, { here, project }) =>
  execFileSync(process.execPath, [join(here, "node_modules", path), ...args], { cwd: project, encoding: "utf8", stdio: "pipe" });

export const rows = {
  "types, node": (given) => types(given, "node20"),
  "types, bundler": (given) => types(given, "esnext", "bundler"),
  "types, node16": (given) => types(given, "node16"),
  "types, nodenext, CommonJS": (given) => types(given, "nodenext", "nodenext", "types.cts"),
  "types, node10": (given) => types(given, "commonjs", "node10", "types.ts"),
  "types without the DOM": (given) => alone(given, 'import { init, Webhook } from "bluehook/slim";\nimport module from "bluehook/bluehook.wasm";\ninit(module);\nexport const webhook = new Webhook("a secret of mine");\n'),
  publint: (given) => tool("publint/src/cli.js", ["--strict", "node_modules/bluehook"], given),
  "are the types wrong": (given) =>
    tool("@arethetypeswrong/cli/dist/index.js", ["--profile", "node16", "--exclude-entrypoints", "bluehook.wasm", "--format", "ascii", given.packed], given),
};

// The same program, in the form that the resolution takes.
function types(given, module, moduleResolution = module, file = "types.mts") {
  const source = readFileSync(join(given.project, "consumers/types.mts"), "utf8");
  writeFileSync(join(given.project, "consumers", file), source);
  const lib = ["es2022", "dom", "dom.iterable"];
  return check(given, { lib, types: ["node"], module, moduleResolution: moduleResolution === "node20" ? "nodenext" : moduleResolution, exactOptionalPropertyTypes: true }, file);
}

function alone(given, source) {
  writeFileSync(join(given.project, "consumers/alone.mts"), source);
  return check(given, { lib: ["es2022"], types: [], module: "esnext", moduleResolution: "bundler", skipLibCheck: false }, "alone.mts");
}

function check(given, more, file) {
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, target: "es2022", esModuleInterop: true, ...more };
  writeFileSync(join(given.project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [`consumers/${file}`] }));
  return tool("typescript/bin/tsc", ["-p", "tsconfig.json"], given) || "no complaint";
}
