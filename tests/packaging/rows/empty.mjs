// An empty TypeScript project in which nothing but the packed package is installed: every way of finding modules, every
// sub-path, and what an editor offers.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const WAYS = { node10: "commonjs", node16: "node16", nodenext: "nodenext", bundler: "esnext" };
const EVENTS = 37;

// `event` is narrowed by its name; each sub-path is found.
const PROGRAM = `import { Webhook, changes } from "bluehook";
import { webhookHandler as onNode } from "bluehook/express";
import { webhookPlugin } from "bluehook/fastify";
import { webhookHandler } from "bluehook/fetch";
import { preview } from "bluehook/preview";
import { schema } from "bluehook/schemas";
import { init } from "bluehook/slim";
import { delivery } from "bluehook/testing";

const event = new Webhook("a secret of mine").verify("{}", {});
if (event.event === "TODO_CREATED") {
  const title: string = event.currentValue.title;
  const before: null = event.previousValue;
  console.log(title, before);
}
export const all = [changes, onNode, webhookPlugin, webhookHandler, preview, schema, init, delivery];
`;

export const rows = { "empty TypeScript project": empty };

function empty({ project, packed }) {
  const folder = join(project, "../.empty");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "empty", "private": true }\n');
  const flags = ["install", "--prefix", folder, "--offline", "--no-audit", "--no-fund", "--ignore-scripts", packed];
  execFileSync("npm", flags, { stdio: "pipe" });
  const files = ["main.mts", "main.cts", "main.ts"].map((name) => join(folder, name));
  for (const file of files) writeFileSync(file, PROGRAM);
  for (const [way, module] of Object.entries(WAYS)) check(files, way, module);
  const offered = completions(join(folder, "asked.ts"));
  assert.equal(offered.filter((name) => name !== "WEBHOOK_HEALTH_CHECK").length, EVENTS);
  return `${Object.keys(WAYS).length} ways, ${EVENTS} events offered`;
}

const OPTIONS = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, types: [] };
const optionsOf = (way, module) => {
  const { options, errors } = ts.convertCompilerOptionsFromJson({ module, moduleResolution: way }, "/");
  assert.deepEqual(errors, []);
  return { ...OPTIONS, ...options };
};

function check(files, way, module) {
  // `skipLibCheck` is off: the package's own types have to hold too.
  const problems = ts.getPreEmitDiagnostics(ts.createProgram(files, optionsOf(way, module)));
  assert.deepEqual(problems.map(({ file, messageText }) => `${way}, ${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`), []);
}

// What an editor offers between the quotes.
function completions(file) {
  const text = 'import { Webhook } from "bluehook";\nconst event = new Webhook("a secret of mine").verify("{}", {});\nif (event.event === "") console.log(event);\n';
  const host = {
    ...ts.sys,
    getCompilationSettings: () => optionsOf("bundler", "esnext"),
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const read = name === file ? text : ts.sys.readFile(name);
      return read === undefined ? undefined : ts.ScriptSnapshot.fromString(read);
    },
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getCurrentDirectory: () => dirname(file),
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  };
  const { entries } = ts.createLanguageService(host).getCompletionsAtPosition(file, text.indexOf('""') + 1, {});
  return entries.map(({ name }) => name);
}
