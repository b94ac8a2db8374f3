// The keyboard of an event tree: one tab stop; arrows move, close and open, Home and End jump, letters find.

import { folded } from "../lib/words";

const BOX = "input[type=checkbox]";
/** Letters that follow one another this soon are one word. */
const PAUSE_MS = 700;

export class Rover {
  private typed = "";
  private typedAt = 0;

  constructor(private readonly fold: (group: string, open: boolean) => void) {}

  /** The box that was used last is where the keyboard comes in again. */
  focused(event: FocusEvent, tree: HTMLElement | undefined): void {
    const box = event.target;
    if (!(box instanceof HTMLInputElement)) return;
    for (const other of boxes(tree)) other.tabIndex = other === box ? 0 : -1;
  }

  /** Whatever is shown now, the keyboard can come in. */
  settle(tree: HTMLElement | undefined): void {
    const all = boxes(tree);
    const first = all[0];
    if (first !== undefined && all.every((box) => box.tabIndex !== 0)) first.tabIndex = 0;
  }

  key(event: KeyboardEvent, tree: HTMLElement | undefined): void {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = boxes(tree);
    const at = all.indexOf(box);
    if (this.move(event.key, all, at) || this.turn(event.key, box, tree) || this.find(event, all, at)) event.preventDefault();
  }

  private move(key: string, all: HTMLInputElement[], at: number): boolean {
    const places: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    const to = places[key];
    if (to === undefined) return false;
    all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
    return true;
  }

  /** ← closes a group, or leads to its box; → opens it. */
  private turn(key: string, box: HTMLInputElement, tree: HTMLElement | undefined): boolean {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return false;
    const own = box.dataset["groupBox"];
    const group = own ?? box.closest<HTMLElement>("[data-group]")?.dataset["group"];
    if (group === undefined) return false;
    if (own !== undefined) this.fold(own, key === "ArrowRight");
    else if (key === "ArrowLeft") tree?.querySelector<HTMLElement>(`[data-group-box="${group}"]`)?.focus();
    return true;
  }

  private find(event: KeyboardEvent, all: HTMLInputElement[], at: number): boolean {
    if (event.key.length !== 1 || event.key === " ") return false;
    this.typed = event.timeStamp - this.typedAt < PAUSE_MS ? this.typed + event.key : event.key;
    this.typedAt = event.timeStamp;
    const start = this.typed.length === 1 ? at + 1 : at;
    const order = [...all.slice(start), ...all.slice(0, start)];
    order.find((box) => folded(box.closest("label")?.textContent ?? "").trimStart().startsWith(folded(this.typed)))?.focus();
    return true;
  }
}

function boxes(tree: HTMLElement | undefined): HTMLInputElement[] {
  return [...(tree?.querySelectorAll<HTMLInputElement>(BOX) ?? [])];
}
