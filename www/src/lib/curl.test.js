// The command is run by a real shell, with a curl that only tells what it was given. (JavaScript: nothing else needs the types of Node.)

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { curlOf } from "./curl";

/** What curl would have got: its arguments, and the body to the byte. */
function ran(command) {
  const folder = mkdtempSync(join(tmpdir(), "curl-"));
  const stand = `#!/bin/sh\nfor part in "$@"; do printf '%s\\0' "$part"; done > "${folder}/args"\ncat > "${folder}/body"\n`;
  writeFileSync(join(folder, "curl"), stand, { mode: 0o755 });
  const { status, stderr } = spawnSync("sh", ["-c", command], { env: { PATH: `${folder}:${process.env.PATH}` } });
  expect(stderr.toString()).toBe("");
  expect(status).toBe(0);
  const read = (name) => readFileSync(join(folder, name), "utf8");
  const result = { args: read("args").split("\0").slice(0, -1), body: read("body") };
  rmSync(folder, { recursive: true });
  return result;
}

const BODIES = [
  `{"title":"it's $HOME \`id\` \\"x\\" è 😀","n":1.50}`,
  "BODY",
  "two\nlines",
  "BODY\nBODY_\n\nend\n",
  "",
];

test.each(BODIES)("a shell sends the body as it is: %j", (body) => {
  const sent = { url: "https://example.org/a?b='c'&d=[1]", headers: { "X-A": "it's", Host: "example.org" }, body };
  const { args, body: got } = ran(curlOf(sent));
  expect(got).toBe(body);
  expect(args).toEqual(["-g", "-X", "POST", sent.url, "-H", "X-A: it's", "--data-binary", "@-"]);
});

test("values that only the receiver should see are left out, whatever the case of their names", () => {
  const command = curlOf({ url: "https://example.org", headers: { "X-Key": "s3cret", "X-Open": "1" }, body: "{}" }, ["x-key"]);
  expect(command).toContain("X-Key: …");
  expect(command).toContain("X-Open: 1");
  expect(command).not.toContain("s3cret");
});
