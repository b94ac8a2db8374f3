// Test runners, which load packages in their own ways.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

export const rows = { jest, vitest };

const TEST = 'test("verifies, refuses, previews", () => expect(check()).toMatch(/ previews$/));\n';

function tool(path, args, { here, project }) {
  execFileSync(process.execPath, [join(here, "node_modules", path), ...args], { cwd: project, encoding: "utf8", stdio: "pipe" });
  return "one test";
}

// CommonJS in a realm of its own, where an Error or a Uint8Array of the test is not that of the runner. The project lies below
// node_modules, where Jest would not look by itself.
async function jest(given) {
  const consumers = join(given.project, "consumers");
  const external = ["bluehook", "bluehook/preview"];
  await build({ entryPoints: [join(consumers, "check.mjs")], outfile: join(consumers, "check.cjs"), bundle: true, format: "cjs", external, logLevel: "error" });
  writeFileSync(join(consumers, "jest.test.cjs"), `const { check } = require("./check.cjs");\n${TEST}`);
  const found = { testMatch: ["<rootDir>/consumers/jest.test.cjs"], testPathIgnorePatterns: [], haste: { retainAllFiles: true } };
  const config = { ...found, transform: {}, moduleFileExtensions: ["cjs", "js", "json"], cacheDirectory: "<rootDir>/jest-cache" };
  writeFileSync(join(given.project, "jest.config.json"), JSON.stringify(config));
  return tool("jest/bin/jest.js", ["--config", "jest.config.json", "--watchman=false", "--ci"], given);
}

function vitest(given) {
  const test = `import { expect, test } from "vitest";\nimport { check } from "./check.mjs";\n${TEST}`;
  writeFileSync(join(given.project, "consumers/vitest.test.mjs"), test);
  const config = 'export default { test: { include: ["consumers/vitest.test.mjs"], exclude: [] } };\n';
  writeFileSync(join(given.project, "vitest.config.mjs"), config);
  return tool("vitest/vitest.mjs", ["run"], given);
}
