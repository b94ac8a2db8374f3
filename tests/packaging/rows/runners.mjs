// Test runners, which load packages in ways of their own.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const rows = { "jest, ESM": jest, "jest, edge environment": jestEdge, vitest };

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

// Jest's modules are CommonJS here; the environment asks for the conditions of the edge.
function jestEdge(given) {
  const test = `const bluehook = require("bluehook");
    const { delivery, SECRET } = require("bluehook/testing");
    test("verifies at the edge", () => {
      const webhook = new bluehook.Webhook(SECRET);
      for (const kind of ["valid", "tampered"]) {
        const { body, headers, code } = delivery("TODO_CREATED", kind);
        expect(webhook.inspect(body, new Headers(headers)).code).toBe(code);
      }
    });\n`;
  writeFileSync(join(given.project, "consumers/edge.test.cjs"), test);
  const config = {
    haste: { retainAllFiles: true },
    testMatch: ["**/consumers/edge.test.cjs"],
    testPathIgnorePatterns: [],
    testEnvironment: join(given.here, "node_modules/@edge-runtime/jest-environment"),
    transform: {},
    moduleFileExtensions: ["cjs", "js", "mjs", "json"],
  };
  writeFileSync(join(given.project, "jest.edge.config.json"), JSON.stringify(config));
  return tool("jest/bin/jest.js", ["--config", "jest.edge.config.json"], given);
}

function vitest(given) {
  const test = `import { expect, test } from "vitest";\nimport { check } from "./check.mjs";\n${TEST}`;
  writeFileSync(join(given.project, "consumers/vitest.test.mjs"), test);
  const config = 'export default { test: { include: ["consumers/vitest.test.mjs"], exclude: [] } };\n';
  writeFileSync(join(given.project, "vitest.config.mjs"), config);
  return tool("vitest/vitest.mjs", ["run"], given);
}
