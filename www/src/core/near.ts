// The core is fetched when a form comes near: when the link to a new one is pointed at or reached by keyboard.

const LINKS = 'a[href^="/webhooks/new"]';

/** Watches for it once. */
export function watchForForms(): void {
  const watched = new AbortController();
  const come = ({ target }: Event): void => {
    if (!(target instanceof Element) || target.closest(LINKS) === null) return;
    watched.abort();
    void import("./core").then(({ near }) => near());
  };
  for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, come, { signal: watched.signal, passive: true });
}
