// Which dialog of a webhook is open.

type What = "delete" | "hand-over" | undefined;

class Asked {
  what = $state<What>();

  for(what: What): void {
    this.what = what;
  }
}

export const asked = new Asked();
