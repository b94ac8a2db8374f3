// That a secret was shown in this tab and not yet said to be stored: after a reload one is told so. Never the secret itself.

const KEY = "secret-shown";

/** The webhook whose secret was shown last, if nobody said that it is stored. */
export function shownOf(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

export function markShown(id: string): void {
  try {
    sessionStorage.setItem(KEY, id);
  } catch {
    // Without storage a reload says nothing; nothing else depends on it.
  }
}

export function markStored(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
