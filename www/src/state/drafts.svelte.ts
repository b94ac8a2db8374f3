// What was typed and not saved, in memory only: leaving a screen and coming back loses nothing, closing the tab asks.

const kept = new Map<string, unknown>();

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

export const drafts = {
  /** Keeps what was typed under a name, such as the address of its form. */
  keep(name: string, draft: unknown): void {
    if (kept.size === 0) addEventListener("beforeunload", ask);
    kept.set(name, draft);
  },

  /** Whether anything would be lost. */
  get any(): boolean {
    return kept.size > 0;
  },

  get<T>(name: string): T | undefined {
    return kept.get(name) as T | undefined;
  },

  /** It was saved, or is not wanted. */
  drop(name: string): void {
    kept.delete(name);
    if (kept.size === 0) removeEventListener("beforeunload", ask);
  },

  /** Nobody's: another person signed in. */
  dropAll(): void {
    kept.clear();
    removeEventListener("beforeunload", ask);
  },
};
