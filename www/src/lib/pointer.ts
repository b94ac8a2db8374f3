// Where in the text of JSON a JSON Pointer (RFC 6901) leads, so that a problem stands at its line. The text may be broken:
// what is before the break is found.

/** A piece of text. */
export interface Place {
  from: number;
  to: number;
}

const TOKEN = /\s*("(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+)/y;

/** The names that a pointer is made of. */
export function partsOf(pointer: string): string[] {
  return pointer === "" ? [] : pointer.slice(1).split("/").map(unescaped);
}

/** A pointer of these names. */
export function pointerOf(parts: readonly string[]): string {
  return parts.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The place of the value, and of its name where it has one; of the deepest part that is there when it is not. */
export function placeOf(text: string, pointer: string): Place {
  return new Walk(text).find(partsOf(pointer), { from: 0, to: text.trimEnd().length });
}

/** The line of a place, from 1. */
export function lineOf(text: string, place: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < place; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

function unescaped(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** One way through the text, token by token. */
class Walk {
  private at = 0;
  private from = 0;

  constructor(private readonly text: string) {}

  find(parts: readonly string[], whole: Place): Place {
    const [part, ...rest] = parts;
    if (part === undefined) return whole;
    const opening = this.next();
    if (opening === "{") return this.inObject(part, rest, whole);
    if (opening === "[") return this.inArray(Number(part), rest, whole);
    return whole;
  }

  private inObject(part: string, rest: readonly string[], whole: Place): Place {
    let found = whole;
    for (let name = this.next(); name?.startsWith('"') === true; name = this.next()) {
      const from = this.from;
      if (this.next() !== ":") break;
      const value = this.at;
      const to = this.skip();
      if (named(name) === part) found = this.inside(value, { from, to }, rest);
      if (this.next() !== ",") break;
    }
    return found;
  }

  private inArray(index: number, rest: readonly string[], whole: Place): Place {
    for (let at = 0; ; at += 1) {
      const value = this.at;
      const to = this.skip();
      const from = value + (/^\s*/.exec(this.text.slice(value, to))?.[0].length ?? 0);
      if (at === index) return this.inside(value, { from, to }, rest);
      if (this.next() !== ",") return whole;
    }
  }

  /** Goes on inside a value, without losing its own place. */
  private inside(value: number, place: Place, rest: readonly string[]): Place {
    if (rest.length === 0) return place;
    const inner = new Walk(this.text);
    inner.at = value;
    return inner.find(rest, place);
  }

  /** Passes one value by; gives where it ends. */
  private skip(): number {
    let depth = 0;
    do {
      const token = this.next();
      if (token === undefined) break;
      if (token === "{" || token === "[") depth += 1;
      if (token === "}" || token === "]") depth -= 1;
    } while (depth > 0);
    return this.at;
  }

  private next(): string | undefined {
    TOKEN.lastIndex = this.at;
    const token = TOKEN.exec(this.text)?.[1];
    if (token === undefined) return undefined;
    this.at = TOKEN.lastIndex;
    this.from = this.at - token.length;
    return token;
  }
}

function named(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}
