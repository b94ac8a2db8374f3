// What an event tree shows, and its texts: it has none of its own.

export interface TreeEvent {
  value: string;
  label: string;
  /** Also looked through, but not shown: the words of another language. */
  more: string;
}

export interface TreeGroup {
  value: string;
  label: string;
  more: string;
  events: readonly TreeEvent[];
}

export interface TreeWords {
  legend: string;
  these: string;
  all: string;
  /** What "all" means. */
  allHint: string;
  search: string;
  none: string;
  /** "2 of 13" */
  some: (chosen: number, of: number) => string;
  found: (count: number) => string;
}

/** The groups with only the events that fit a query; a group that fits by its own words keeps all of its own. */
export type Found = readonly { group: TreeGroup; events: readonly TreeEvent[] }[];
