// Light or dark: as the system says, unless a person chose.

import { store, stored } from "../lib/stored";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

class Appearance {
  theme = $state<Theme>(stored("theme", THEMES) ?? "system");

  constructor() {
    this.show();
  }

  choose(theme: Theme): void {
    this.theme = theme;
    store("theme", theme);
    this.show();
  }

  private show(): void {
    if (this.theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = this.theme;
  }
}

export const appearance = new Appearance();
