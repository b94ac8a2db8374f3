// Light or dark: as the system says, unless a person chose. And whether single keys do something.

import { store, stored } from "../lib/stored";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

class Appearance {
  theme = $state<Theme>(stored("theme", THEMES) ?? "system");
  keys = $state(stored("keys", ["on", "off"]) !== "off");

  constructor() {
    this.#show();
  }

  choose(theme: Theme): void {
    this.theme = theme;
    store("theme", theme);
    this.#show();
  }

  /** For the gallery: shown, not kept. */
  show(theme: string): void {
    this.theme = THEMES.find((one) => one === theme) ?? this.theme;
    this.#show();
  }

  /** Single keys on or off (WCAG 2.1.4). */
  useKeys(on: boolean): void {
    this.keys = on;
    store("keys", on ? "on" : "off");
  }

  #show(): void {
    if (this.theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = this.theme;
  }
}

export const appearance = new Appearance();
