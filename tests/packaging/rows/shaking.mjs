// What a bundler leaves of the package for who uses little of it.

import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const CASES = {
  changes: ['import { changes } from "bluehook"; console.log(changes({}));', 8],
  "the error class": ['import { WebhookVerificationError } from "bluehook"; console.log(WebhookVerificationError);', 8],
  memoryStore: ['import { memoryStore } from "bluehook/fetch"; console.log(memoryStore());', 8],
  events: ['import { events } from "bluehook/preview"; console.log(events);', 30],
};

export const rows = { "tree shaking": shaken };

async function shaken({ project }) {
  const sizes = [];
  for (const [name, [contents, limit]] of Object.entries(CASES)) {
    const { outputFiles } = await build({ stdin: { contents, resolveDir: project }, bundle: true, minify: true, format: "esm", write: false, logLevel: "error" });
    const size = outputFiles[0].contents.length;
    sizes.push(`${name} ${size} B (${gzipSync(outputFiles[0].contents).length} gzipped)`);
    if (size > limit * 1024) throw new Error(`${name}: ${size} bytes, of ${limit * 1024}`);
  }
  return sizes.join(", ");
}
