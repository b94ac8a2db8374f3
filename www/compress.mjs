// Puts a .br and a .gz beside every file that
// they make smaller, so that the server need not compress.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = new URL("dist", import.meta.url).pathname;
const WORTHWHILE = 1024; // smaller files fit into one packet either way

// Vite's own notes: nothing that a browser asks for.
rmSync(join(DIST, ".vite"), { recursive: true, force: true });

for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
  if (entry.isFile()) compress(join(entry.parentPath, entry.name));
}

function compress(file) {
  const content = readFileSync(file);
  if (content.length < WORTHWHILE) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  keep(`${file}.br`, brotliCompressSync(content, { params }), content);
  keep(`${file}.gz`, gzipSync(content, { level: 9 }), content);
}

function keep(file, compressed, content) {
  if (compressed.length < content.length) writeFileSync(file, compressed);
}
