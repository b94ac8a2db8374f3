// Times as people of a language read them. Every function takes the present: none reads a clock.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

type Step = readonly [limit: number, unit: Intl.RelativeTimeFormatUnit, size: number];

const STEPS: readonly Step[] = [
  [MINUTE, "second", SECOND],
  [HOUR, "minute", MINUTE],
  [DAY, "hour", HOUR],
  [2 * WEEK, "day", DAY],
  [9 * WEEK, "week", WEEK],
  [Infinity, "month", 30 * DAY],
];

/** How long ago, in one unit: `12s ago`, `2 days ago`. What lies ahead by a clock's error counts as now. */
export function ago(language: string, at: string, now: number): string {
  const elapsed = Math.max(0, now - Date.parse(at));
  const [, unit, size] = STEPS.find(([limit]) => elapsed < limit) ?? STEPS[0]!;
  const style = size < DAY ? "narrow" : "long";
  return new Intl.RelativeTimeFormat(language, { style }).format(-Math.floor(elapsed / size), unit);
}

/** Day and time: `3 Nov, 14:02`; with the year where it is another one. */
export function moment(language: string, at: string, now: number): string {
  const date = new Date(at);
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: "numeric" } as const);
  return date.toLocaleString(regional(language), {
    day: "numeric",
    month: "short",
    ...year,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

/** The day alone: `3 Nov`. */
export function day(language: string, at: string, now: number): string {
  const date = new Date(at);
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: "numeric" } as const);
  return date.toLocaleDateString(regional(language), { day: "numeric", month: "short", ...year });
}

/** The time of day: `14:02`. */
export function clock(language: string, at: number): string {
  return new Date(at).toLocaleTimeString(regional(language), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** What is left of a wait: `0:42`, `1:02:03`. */
export function left(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / SECOND));
  const minutes = Math.floor(seconds / 60) % 60;
  const tail = `${String(minutes).padStart(seconds < 3600 ? 1 : 2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  return seconds < 3600 ? tail : `${Math.floor(seconds / 3600)}:${tail}`;
}

/** The same words with their order of day and month in the places where this English is read. */
function regional(language: string): string {
  return language === "en" ? "en-GB" : language;
}
