// Makes the types of the API's forms from forms.json, which a test of the server keeps as its description has it: what the
// screens read and the server no longer says does not compile.

import { readFileSync, writeFileSync } from "node:fs";

const FORMS = new URL("forms.json", import.meta.url).pathname;
const TYPES = new URL("src/api/forms.d.ts", import.meta.url).pathname;
const REFERENCE = "#/components/schemas/";

const forms = JSON.parse(readFileSync(FORMS, "utf8"));
const declared = Object.entries(forms).map(([name, schema]) => `${comment(schema)}export type ${name} = ${type(schema)};\n`);
writeFileSync(TYPES, `// Made from forms.json by forms.mjs.\n\n${declared.join("\n")}`);

/** A schema as a type. What is not understood fails the build: a guess would be worse. */
function type(schema) {
  const { $ref, anyOf, allOf, enum: words, type: kind } = schema;
  if ($ref !== undefined) return named($ref);
  if (anyOf !== undefined && kind === undefined) return union(anyOf.map(type));
  if (allOf !== undefined) return allOf.map(type).join(" & ");
  if (words !== undefined) return union(words.map((word) => JSON.stringify(word)));
  if ("const" in schema) return JSON.stringify(schema.const);
  // Any value.
  if (Object.keys(schema).every((key) => key === "description")) return "unknown";
  if (kind === undefined) throw new Error(`no type is known for ${JSON.stringify(schema)}`);
  return union([kind].flat().map((kind) => ofKind(kind, schema)));
}

function named(reference) {
  const name = reference.slice(REFERENCE.length);
  // Blue's own entities are passed through.
  return name in forms ? name : "unknown";
}

function union(types) {
  return [...new Set(types)].join(" | ");
}

function ofKind(kind, schema) {
  switch (kind) {
    case "string":
    case "boolean":
    case "null":
      return kind;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `(${schema.items === undefined ? "unknown" : type(schema.items)})[]`;
    case "object":
      return object(schema);
    default:
      throw new Error(`no type is known for ${kind}`);
  }
}

function object({ properties, required = [], additionalProperties }) {
  if (properties === undefined) return `Record<string, ${additionalProperties ? type(additionalProperties) : "unknown"}>`;
  const members = Object.entries(properties).map(
    ([name, schema]) => `${comment(schema)}${JSON.stringify(name)}${required.includes(name) ? "" : "?"}: ${type(schema)};`,
  );
  return `{ ${members.join(" ")} }`;
}

function comment({ description }) {
  return description === undefined ? "" : `/** ${description.replaceAll("*/", "* /")} */ `;
}
