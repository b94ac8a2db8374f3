// Sizes as people read them: bytes while they can be counted, then KiB.

const COUNTED = 10_000;

/** `1,948 B`, `37 KiB`. */
export function sizeOf(language: string, bytes: number): string {
  return bytes < COUNTED ? `${bytes.toLocaleString(language)} B` : `${Math.round(bytes / 1024).toLocaleString(language)} KiB`;
}
