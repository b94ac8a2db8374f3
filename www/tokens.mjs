// Takes what only people read out of the built tokens.css, the one file that the bundler does not see, and names its version
// in the page: so it may be kept like the others.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const TOKENS = new URL("dist/tokens.css", import.meta.url).pathname;
const PAGE = new URL("dist/index.html", import.meta.url).pathname;
const ADDRESS = '"/tokens.css"';

const css = readFileSync(TOKENS, "utf8");
const bare = css.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1").replace(/: /g, ":").trim();
writeFileSync(TOKENS, bare);

const version = createHash("sha256").update(bare).digest("hex").slice(0, 8);
const page = readFileSync(PAGE, "utf8");
if (!page.includes(ADDRESS)) throw new Error(`the page does not link ${ADDRESS}`);
writeFileSync(PAGE, page.replace(ADDRESS, `"/tokens.css?${version}"`));
