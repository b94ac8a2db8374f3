// How each state of a delivery and of a webhook looks: a silhouette, a tone, and whether it is filled. Only what needs a
// person, or is under way, gets a fill.

import type { IconName } from "./icons";

export type Tone = "good" | "bad" | "warn" | "busy" | "idle";

export interface Look {
  icon: IconName;
  tone: Tone;
  shape: "plain" | "pill" | "outlined";
}

export const DELIVERY = {
  PENDING: { icon: "clock", tone: "idle", shape: "plain" },
  DELIVERING: { icon: "arrow-right", tone: "busy", shape: "pill" },
  SUCCEEDED: { icon: "disc-check", tone: "good", shape: "plain" },
  RETRYING: { icon: "turning", tone: "warn", shape: "pill" },
  FAILED: { icon: "octagon-cross", tone: "bad", shape: "pill" },
  HELD: { icon: "pause", tone: "idle", shape: "outlined" },
  CANCELLED: { icon: "ring-struck", tone: "idle", shape: "plain" },
} as const satisfies Record<string, Look>;

/** A webhook's health; `OFF` by a fault is `BROKEN`, by a person or the backend `OFF`. */
export const HEALTH = {
  WORKING: { icon: "disc-check", tone: "good", shape: "plain" },
  FAILING: { icon: "triangle-mark", tone: "warn", shape: "pill" },
  LAGGING: { icon: "hourglass", tone: "warn", shape: "pill" },
  BROKEN: { icon: "octagon-cross", tone: "bad", shape: "pill" },
  OFF: { icon: "power", tone: "idle", shape: "plain" },
  NEW: { icon: "ring-dashed", tone: "idle", shape: "plain" },
} as const satisfies Record<string, Look>;
