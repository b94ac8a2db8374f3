// Test runners, which load packages in ways of their own.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const rows = { "jest, ESM": jest, vitest };

const TEST = 'test("verifies, refuses, previews", () => expect(check()).toMatch(/ previews$/));\n';

function tool(path, args, { here, project }, flags = []) {
  execFileSync(process.execPath, [...flags, join(here, "node_modules", path), ...args], { cwd: project, encoding: "utf8", stdio: "pipe" });
  return "one test";
}

function jest(given) {
  writeFileSync(join(given.project, "consumers/jest.test.mjs"), `import { check } from "./check.mjs";\n${TEST}`);
  const config = {
    haste: { retainAllFiles: true },
    testMatch: ["**/consumers/jest.test.mjs"],
    testPathIgnorePatterns: [],
    transform: {},
    moduleFileExtensions: ["mjs", "js", "cjs", "json"],
  };
  writeFileSync(join(given.project, "jest.config.json"), JSON.stringify(config));
  return tool("jest/bin/jest.js", ["--config", "jest.config.json"], given, ["--experimental-vm-modules"]);
}

function vitest(given) {
  const test = `import { expect, test } from "vitest";\nimport { check } from "./check.mjs";\n${TEST}`;
  writeFileSync(join(given.project, "consumers/vitest.test.mjs"), test);
  const config = 'export default { test: { include: ["consumers/vitest.test.mjs"], exclude: [] } };\n';
  writeFileSync(join(given.project, "vitest.config.mjs"), config);
  return tool("vitest/vitest.mjs", ["run"], given);
}
