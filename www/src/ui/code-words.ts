// The texts of a code view, which has none of its own.

export interface CodeWords {
  /** What the choice between the two layouts is called. */
  view: string;
  readable: string;
  exact: string;
  find: string;
  none: string;
  next: string;
  previous: string;
  found: (at: number, of: number) => string;
}
