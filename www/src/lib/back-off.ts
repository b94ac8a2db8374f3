// How long to wait before asking again a server that did not answer: 1, 2, 4 … 30 s.

const LONGEST = 30_000;

/** Milliseconds before the next try, after so many that failed. */
export function pause(failed: number): number {
  return Math.min(LONGEST, 1000 * 2 ** Math.max(0, failed - 1));
}
