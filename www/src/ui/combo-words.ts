// What a combobox offers, and its texts: it has none of its own.

export interface ComboOption {
  value: string;
  label: string;
  /** Stands at the end of the row, quietly. */
  hint?: string;
  /** Also looked through, but not shown. */
  more?: string;
  group?: string;
  disabled?: boolean;
}

export interface ComboWords {
  list: string;
  none: string;
  count: (count: number) => string;
  added: (label: string) => string;
}
