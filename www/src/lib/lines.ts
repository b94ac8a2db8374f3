// Where the rows of a text begin, for a code view: one pass, numbers only, so that 1 MiB opens without a pause.

/** How a text is laid out: for reading, or exactly as it is. */
export type View = "readable" | "exact";

/** One row, ready to be drawn. */
export interface Row {
  text: string;
  /** Levels of indentation before it. */
  indent: number;
  /** The line's number; absent where the row goes on with the line before. */
  line: number | undefined;
  /** It begins inside a string of JSON. */
  within: boolean;
}

/** Places of rows in a text. `at` holds three numbers a row: where it begins, its line, and depth × 4 + flags. */
export interface Lines {
  text: string;
  json: boolean;
  view: View;
  at: Int32Array;
  count: number;
}

const EACH = 3;
const GOES_ON = 1;
const WITHIN = 2;
/** The longest row: what is longer goes on in the next one. */
export const LONGEST: Record<View, number> = { readable: 400, exact: 160 };
const DEEPEST = 40;

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const NEWLINE = 10;

/** Finds the rows of a text. JSON is recognised by its first character and never parsed: no number or escape changes. */
export function linesOf(text: string, view: View): Lines {
  const json = /^\s*[{[]/.test(text);
  const rows = new Rows(LONGEST[json ? view : "exact"]);
  if (json) scanJson(text, view === "readable", rows);
  else scanPlain(text, rows);
  rows.end(text.length);
  return { text, json, view, at: rows.at, count: rows.count };
}

/** The row with this index. */
export function rowAt({ text, at, count, view, json }: Lines, index: number): Row {
  const base = index * EACH;
  const flags = at[base + 2] ?? 0;
  const end = index + 1 < count ? at[base + EACH] : text.length;
  const raw = text.slice(at[base], end);
  const goesOn = (flags & GOES_ON) !== 0;
  return {
    text: json && view === "readable" ? trimmed(raw, flags) : raw.replace(/\r?\n$/, ""),
    indent: goesOn ? 0 : Math.min(flags >> 2, DEEPEST),
    line: goesOn ? undefined : at[base + 1],
    within: (flags & WITHIN) !== 0,
  };
}

/** A row as it is drawn: with its indentation, and one space after its name. */
export function drawnRow({ json, view }: Lines, { text, indent, within }: Row): string {
  return "  ".repeat(indent) + (json && view === "readable" ? spaced(text, within) : text);
}

/** The index of the row that holds a place in the text. */
export function rowOf({ at, count }: Lines, place: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((at[middle * EACH] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The whole text as it is laid out, for copying. */
export function laidOut(lines: Lines): string {
  if (lines.view === "exact" || !lines.json) return lines.text;
  const parts: string[] = [];
  for (let index = 0; index < lines.count; index += 1) {
    const row = rowAt(lines, index);
    if (row.line !== undefined && index > 0) parts.push("\n");
    parts.push(drawnRow(lines, row));
  }
  return parts.join("");
}

const NAME = /^("(?:[^"\\]|\\.)*")\s*:\s*/;

function spaced(text: string, within: boolean): string {
  return within ? text : text.replace(NAME, "$1: ");
}

function trimmed(raw: string, flags: number): string {
  return (flags & WITHIN) === 0 ? raw.trim() : raw;
}

/** Rows as they are found. */
class Rows {
  at = new Int32Array(EACH * 256);
  count = 0;
  private line = 0;
  private last = 0;

  constructor(private readonly longest: number) {
    this.begin(0, 0);
  }

  /** A line begins. */
  begin(place: number, depth: number): void {
    this.fill(place, false, "", 0);
    this.line += 1;
    this.push(place, depth << 2);
  }

  /** A string ends at `place`, having begun at `from`: a long one is cut. */
  string(from: number, place: number, text: string): void {
    if (place - this.last > this.longest) this.fill(place, true, text, from);
  }

  /** The text ends. */
  end(place: number): void {
    this.fill(place, false, "", 0);
    this.at = this.at.subarray(0, this.count * EACH);
  }

  private fill(place: number, within: boolean, text: string, from: number): void {
    while (place - this.last > this.longest) {
      let cut = this.last + this.longest;
      if (within) cut = whole(text, cut);
      this.push(cut, GOES_ON | (within && cut > from ? WITHIN : 0));
    }
  }

  private push(place: number, flags: number): void {
    const base = this.count * EACH;
    if (base === this.at.length) {
      const larger = new Int32Array(base * 2);
      larger.set(this.at);
      this.at = larger;
    }
    this.at[base] = place;
    this.at[base + 1] = this.line;
    this.at[base + 2] = flags;
    this.count += 1;
    this.last = place;
  }
}

/** A place at or just after `cut` that divides neither an escape nor a pair of surrogates. */
function whole(text: string, cut: number): number {
  let slashes = 0;
  while (text.charCodeAt(cut - 1 - slashes) === BACKSLASH) slashes += 1;
  if (slashes % 2 === 1) return cut + 1;
  const code = text.charCodeAt(cut);
  return code >= 0xdc00 && code < 0xe000 ? cut + 1 : cut;
}

function scanPlain(text: string, rows: Rows): void {
  for (let place = text.indexOf("\n"); place !== -1; place = text.indexOf("\n", place + 1)) {
    if (place + 1 < text.length) rows.begin(place + 1, 0);
  }
}

function scanJson(text: string, readable: boolean, rows: Rows): void {
  let depth = 0;
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    if (code === QUOTE) {
      const from = place;
      place = endOfString(text, place);
      rows.string(from, place + 1, text);
    } else if (!readable) {
      if (code === NEWLINE && place + 1 < text.length) rows.begin(place + 1, 0);
    } else if (code === COMMA) {
      rows.begin(place + 1, depth);
    } else if (opens(code)) {
      const next = solid(text, place + 1);
      if (closes(text.charCodeAt(next))) place = next;
      else rows.begin(place + 1, (depth += 1));
    } else if (closes(code)) {
      depth = Math.max(0, depth - 1);
      rows.begin(place, depth);
    }
  }
}

function opens(code: number): boolean {
  return code === 123 || code === 91;
}

function closes(code: number): boolean {
  return code === 125 || code === 93;
}

/** The next place that is no white space. */
function solid(text: string, place: number): number {
  let at = place;
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  return at;
}

/** Where the string that begins at `place` ends. */
function endOfString(text: string, place: number): number {
  for (let at = place + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at;
  }
  return text.length;
}
