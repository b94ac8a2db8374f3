// JSON laid out for reading, token by token: nothing is parsed, so no number, escape or repeated key changes.

export type Kind = "name" | "text" | "number" | "literal" | "mark";

export interface Token {
  kind: Kind;
  text: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const INDENT = "  ";

/** The tokens of compact JSON, line ends and indentation put in as marks. */
export function pretty(json: string): Token[] {
  const words = json.match(TOKEN) ?? [];
  const tokens: Token[] = [];
  let depth = 0;
  const line = (): string => "\n" + INDENT.repeat(depth);
  words.forEach((word, at) => {
    const next = words[at + 1];
    if (word === "{" || word === "[") {
      depth += 1;
      tokens.push({ kind: "mark", text: next === "}" || next === "]" ? word : word + line() });
    } else if (word === "}" || word === "]") {
      depth -= 1;
      const opened = words[at - 1];
      tokens.push({ kind: "mark", text: opened === "{" || opened === "[" ? word : line() + word });
    } else if (word === ",") {
      tokens.push({ kind: "mark", text: word + line() });
    } else if (word === ":") {
      tokens.push({ kind: "mark", text: ": " });
    } else {
      tokens.push({ kind: kindOf(word, next), text: word });
    }
  });
  return tokens;
}

function kindOf(word: string, next: string | undefined): Kind {
  if (word.startsWith('"')) return next === ":" ? "name" : "text";
  return /^[tfn]/.test(word) ? "literal" : "number";
}
