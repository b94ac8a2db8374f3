// The kinds of characters in one row of JSON, so that it can be coloured. Only what is drawn is looked at.

export type Kind = "name" | "string" | "number" | "literal" | "mark";

export interface Token {
  kind: Kind;
  text: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"?|[{}[\],:]|\s+|[^\s{}[\],:"]+/g;
const REST_OF_STRING = /^(?:[^"\\]|\\.)*"?/;

/** The tokens of a row; together they are its text. `within`: it begins inside a string. */
export function tokensOf(row: string, within: boolean): Token[] {
  const first = within ? (REST_OF_STRING.exec(row)?.[0] ?? "") : "";
  const words = row.slice(first.length).match(TOKEN) ?? [];
  const tokens = words.map((text, at): Token => ({ kind: kindOf(text, words, at), text }));
  return first === "" ? tokens : [{ kind: "string", text: first }, ...tokens];
}

function kindOf(word: string, words: string[], at: number): Kind {
  if (word.startsWith('"')) {
    const next = words[at + 1]?.trim() === "" ? words[at + 2] : words[at + 1];
    return next === ":" ? "name" : "string";
  }
  if (/^[\s{}[\],:]/.test(word)) return "mark";
  return /^[-\d]/.test(word) ? "number" : "literal";
}
