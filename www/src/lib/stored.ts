// What a person chose about the page itself, kept between visits. Nothing about a webhook, and never a secret.

/** The stored choice, if it is one of those offered and storage is allowed. */
export function stored<T extends string>(key: string, choices: readonly T[]): T | undefined {
  try {
    const value = localStorage.getItem(key);
    return choices.find((choice) => choice === value);
  } catch {
    return undefined;
  }
}

/** Keeps a choice, where storage is allowed. */
export function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice holds until the page is left.
  }
}
