// The one set of icons, drawn on 16 × 16. Full shapes are filled with their sign cut out, the others are lines.

/** A line icon is its path; a full one has `full`. */
export interface Shape {
  path: string;
  full?: true;
}

const DISC = "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z";
const RING = "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z";

export const ICONS = {
  // Deliveries and health; each has a silhouette of its own.
  clock: { path: `${RING}M8 4.7V8l2.2 1.6` },
  "arrow-right": { path: "M2.5 8h10.5M9 4l4 4-4 4" },
  "disc-check": { path: `${DISC}M11.9 5.9 7.1 11 4.2 8.3l1-1.1 1.8 1.7 3.8-4.1z`, full: true },
  turning: { path: "M13.5 8a5.5 5.5 0 1 1-1.7-4M13.8 1.6v3.1h-3.1" },
  "octagon-cross": {
    path: "M5 1h6l4 4v6l-4 4H5l-4-4V5zM5.6 4.6l-1 1L6.9 8l-2.3 2.4 1 1L8 9.1l2.4 2.3 1-1L9.1 8l2.3-2.4-1-1L8 6.9z",
    full: true,
  },
  pause: { path: "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z", full: true },
  "ring-struck": { path: `${RING}M3.8 12.2l8.4-8.4` },
  "triangle-mark": { path: "M8 1.2 15.6 14.5H.4zM7.1 6v4.2h1.8V6zM7.1 11.4v1.7h1.8v-1.7z", full: true },
  hourglass: { path: "M4 2h8M4 14h8M5 2v2.5L8 8l3-3.5V2M5 14v-2.5L8 8l3 3.5V14" },
  power: { path: "M8 1.5v6M4.6 3.8a5.5 5.5 0 1 0 6.8 0" },
  "ring-dashed": {
    path: "M6.4 2.2a6 6 0 0 1 3.2 0M12.2 3.8a6 6 0 0 1 1.6 2.7M13.8 9.6a6 6 0 0 1-1.6 2.7M9.6 13.8a6 6 0 0 1-3.2 0M3.8 12.2a6 6 0 0 1-1.6-2.7M2.2 6.4a6 6 0 0 1 1.6-2.7",
  },

  // Things to do.
  plus: { path: "M8 2.5v11M2.5 8h11" },
  cross: { path: "M3.5 3.5l9 9M12.5 3.5l-9 9" },
  check: { path: "M2.5 8.5l3.5 3.5 7.5-8" },
  minus: { path: "M2.5 8h11" },
  search: { path: "M7 2.2a4.8 4.8 0 1 0 0 9.6A4.8 4.8 0 0 0 7 2.2zM10.5 10.5l3.5 3.5" },
  copy: { path: "M5.5 5.5h8v8h-8zM10.5 5.2V2.5h-8v8h2.7" },
  send: { path: "M1.8 7.2 14 2l-4.6 12-2.2-5.2z" },
  more: { path: "M3 6.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM8 6.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM13 6.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6z", full: true },
  menu: { path: "M2 4h12M2 8h12M2 12h12" },
  down: { path: "M3.5 6l4.5 4.5L12.5 6" },
  right: { path: "M6 3.5l4.5 4.5L6 12.5" },
  left: { path: "M10 3.5 5.5 8l4.5 4.5" },
  out: { path: "M6 2.5H2.5v11H6M10 4.5L13.5 8 10 11.5M13.2 8H6" },
  link: { path: "M9.5 2.5h4v4M13.3 2.7 7.5 8.5M12 9.5v4H2.5V4h4" },
  key: { path: "M5 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM7.5 7.5l6-5.5M11 4.3l2 2.2" },
  lock: { path: "M3 7h10v7H3zM5 7V5a3 3 0 0 1 6 0v2" },
  trash: { path: "M2.5 4h11M6 4V2.2h4V4M4 4l.7 9.8h6.6L12 4M6.6 6.8v4.4M9.4 6.8v4.4" },
  person: { path: "M8 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM2.5 14c.4-3 2.7-4.5 5.5-4.5s5.1 1.5 5.5 4.5" },
  info: { path: `${DISC}M7.1 6.8v5h1.8v-5zM7.1 4v1.7h1.8V4z`, full: true },
  eye: { path: "M1 8c1.6-3 4.1-4.5 7-4.5S13.4 5 15 8c-1.6 3-4.1 4.5-7 4.5S2.6 11 1 8zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z" },
} satisfies Record<string, Shape>;

export type IconName = keyof typeof ICONS;
