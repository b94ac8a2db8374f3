// A test runner, which loads packages in its own way.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const rows = { vitest };

const TEST = 'test("verifies, refuses, previews", () => expect(check()).toMatch(/ previews$/));\n';

function tool(path, args, { here, project }) {
  execFileSync(process.execPath, [join(here, "node_modules", path), ...args], { cwd: project, encoding: "utf8", stdio: "pipe" });
  return "one test";
}

function vitest(given) {
  const test = `import { expect, test } from "vitest";\nimport { check } from "./check.mjs";\n${TEST}`;
  writeFileSync(join(given.project, "consumers/vitest.test.mjs"), test);
  const config = 'export default { test: { include: ["consumers/vitest.test.mjs"], exclude: [] } };\n';
  writeFileSync(join(given.project, "vitest.config.mjs"), config);
  return tool("vitest/vitest.mjs", ["run"], given);
}
