// Numbers as people of a language read them.

/** A count with its separators. */
export function count(language: string, value: number): string {
  return value.toLocaleString(language);
}

/** Fewer attempts than this say nothing about a rate. */
export const ENOUGH = 5;

/**
 * How much of it succeeded, with one decimal. Never 100% with a failure, never 0% with a success, and nothing below five:
 * there a rate would be noise.
 */
export function rate(language: string, succeeded: number, failed: number): string | undefined {
  const total = succeeded + failed;
  if (total < ENOUGH) return undefined;
  if (failed === 0) return percent(language, 1, 0);
  if (succeeded === 0) return percent(language, 0, 0);
  const thousandths = Math.min(999, Math.max(1, Math.round((succeeded / total) * 1000)));
  return percent(language, thousandths / 1000, 1);
}

function percent(language: string, share: number, digits: number): string {
  return share.toLocaleString(language, {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Milliseconds as one reads them: `0.8 ms`, `102 ms`, `1.2 s`. */
export function duration(language: string, ms: number): string {
  const [value, unit, digits] = ms < 1000 ? [ms, "ms", ms < 10 ? 1 : 0] : [ms / 1000, "s", 1];
  return `${value.toLocaleString(language, { maximumFractionDigits: digits })} ${unit}`;
}
