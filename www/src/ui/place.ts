// Puts what opened beside what opened it, inside the window.

const GAP = 4;
const EDGE = 8;

/** Below the opener, aligned with its end; above where there is no room. */
export function place(box: HTMLElement, opener: HTMLElement): void {
  const at = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const wanted = getComputedStyle(opener).direction === "rtl" ? at.left : at.right - width;
  const left = Math.max(EDGE, Math.min(wanted, innerWidth - width - EDGE));
  const below = at.bottom + GAP + height <= innerHeight || at.top < height + GAP;
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(EDGE, below ? at.bottom + GAP : at.top - GAP - height)}px`;
}
