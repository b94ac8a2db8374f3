// What is selected in rows that were cut from a text: the text, not the rows. Where a row only goes on with the line before,
// there is no newline, whatever the browser thinks of its boxes.

/** A row as it is drawn: its text, and whether a line begins with it. */
export interface Drawn {
  text: string;
  begins: boolean;
}

/** The text between two places of the selection; rows are elements with `data-row`, their index. */
export function selectedText(range: Range, row: (index: number) => Drawn): string | undefined {
  const first = place(range.startContainer, range.startOffset);
  const last = place(range.endContainer, range.endOffset);
  if (first === undefined || last === undefined) return undefined;
  let text = "";
  for (let index = first.row; index <= last.row; index += 1) {
    const drawn = row(index);
    const from = index === first.row ? first.offset : 0;
    const to = index === last.row ? last.offset : drawn.text.length;
    text += `${drawn.begins && index > first.row ? "\n" : ""}${drawn.text.slice(from, to)}`;
  }
  return text;
}

function place(node: Node, offset: number): { row: number; offset: number } | undefined {
  const element = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>("[data-row]");
  if (!element) return undefined;
  const before = new Range();
  before.setStart(element, 0);
  before.setEnd(node, offset);
  return { row: Number(element.dataset["row"]), offset: before.toString().length };
}
