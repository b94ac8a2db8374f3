// Finding by words: case and accents aside, every word somewhere in what is looked through.

/** Text as it is compared. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether all words of a query are in the text. */
export function holds(text: string, query: string): boolean {
  const hay = folded(text);
  return folded(query).split(/\s+/).every((word) => hay.includes(word));
}

/** A piece of text, and whether it was looked for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** The text cut at what a query hits. Where folding changes lengths nothing is marked: a wrong mark is worse than none. */
export function pieces(text: string, query: string): Piece[] {
  const hay = folded(text);
  const words = folded(query).split(/\s+/).filter((word) => word !== "");
  if (words.length === 0 || hay.length !== text.length) return [{ text, hit: false }];
  const hits = new Uint8Array(text.length);
  for (const word of words) {
    for (let at = hay.indexOf(word); at !== -1; at = hay.indexOf(word, at + word.length)) {
      hits.fill(1, at, at + word.length);
    }
  }
  return cut(text, hits);
}

function cut(text: string, hits: Uint8Array): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (let at = 1; at <= text.length; at += 1) {
    if (at < text.length && hits[at] === hits[from]) continue;
    found.push({ text: text.slice(from, at), hit: hits[from] === 1 });
    from = at;
  }
  return found;
}
