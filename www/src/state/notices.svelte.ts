// What is said aside: to screen readers, and of things done elsewhere, as toasts. Errors are never said here.

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; href?: string; press?: () => void };
}

/** How long a toast stays, unless one looks at it. */
export const STAYS = 8000;

class Notices {
  polite = $state("");
  urgent = $state("");
  toasts = $state.raw<Toast[]>([]);
  #next = 1;
  readonly #queue: string[] = [];
  #speaking = false;

  /** Says it to screen readers, one text a second. */
  say(text: string): void {
    this.#queue.push(text);
    if (!this.#speaking) this.#speak();
  }

  /** Says it at once. */
  interrupt(text: string): void {
    this.urgent = "";
    queueMicrotask(() => (this.urgent = text));
  }

  toast(text: string, action?: Toast["action"]): void {
    const id = this.#next++;
    this.toasts = [...this.toasts, action === undefined ? { id, text } : { id, text, action }];
    this.say(text);
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  #speak(): void {
    const text = this.#queue.shift();
    this.#speaking = text !== undefined;
    if (text === undefined) return;
    this.polite = this.polite === text ? `${text}\u00a0` : text;
    setTimeout(() => this.#speak(), 1000);
  }
}

export const notices = new Notices();
