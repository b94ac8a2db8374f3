const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const bluehook = require("bluehook");
const preview = require("bluehook/preview");

const vectors = JSON.parse(readFileSync(join(__dirname, "../vectors/signatures.json"), "utf8"));
import("../vectors/check.mjs").then(({ checkPreview, checkVectors }) => {
  console.log(`${checkVectors(bluehook, vectors)} vectors, ${checkPreview(preview, bluehook)} previews`);
});
