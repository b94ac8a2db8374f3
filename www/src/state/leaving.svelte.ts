// What the shell opens when a part of it, or a screen, asks: the list of keys, signing out.

class Asked {
  open = $state(false);

  show(): void {
    this.open = true;
  }

  hide(): void {
    this.open = false;
  }
}

/** The list of keys. */
export const help = new Asked();

/** Signing out. */
export const leaving = new Asked();
