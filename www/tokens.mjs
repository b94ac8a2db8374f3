// Takes what only people read out of the built tokens.css, the one file that the bundler does not see.

import { readFileSync, writeFileSync } from "node:fs";

const TOKENS = new URL("dist/tokens.css", import.meta.url).pathname;

const css = readFileSync(TOKENS, "utf8");
const bare = css.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1").replace(/: /g, ":");
writeFileSync(TOKENS, bare.trim());
