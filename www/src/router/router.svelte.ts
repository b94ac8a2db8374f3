// Where the app is. Links are real ones: a plain click on an address of ours is answered here, any other by the browser.

import { match, search, type Match, type Query } from "./routes";

/** Addresses that lead on: whoever asks for the left one is at the right one. */
function forwarded(path: string): string {
  if (path === "/") return "/webhooks";
  const webhook = /^\/webhooks\/(?!new\/?$)([^/]+)\/?$/.exec(path);
  return webhook === null ? path : `/webhooks/${webhook[1]}/settings`;
}

/** Asked before one leaves a place; says whether one may go at once. Otherwise `go` leads on later. */
export type Guard = (go: () => void) => boolean;

class Router {
  path = $state("");
  /** What stands behind `?`. */
  query = $state.raw(new URLSearchParams());
  readonly match: Match | undefined = $derived(match(this.path));
  /** Rises when another place is shown, not when filters change. */
  moves = $state(0);
  readonly #scrolls = new Map<string, number>();
  #key = "";
  #guard: Guard | undefined;

  begin(): () => void {
    history.scrollRestoration = "manual";
    this.#read();
    this.#forward();
    const moved = (): void => this.#popped();
    const clicked = (event: MouseEvent): void => this.#clicked(event);
    addEventListener("popstate", moved);
    document.addEventListener("click", clicked);
    return () => {
      removeEventListener("popstate", moved);
      document.removeEventListener("click", clicked);
    };
  }

  /** To an address of the app; one goes "back" from it. */
  go(to: string): void {
    if (to === location.pathname + location.search) return this.#arrive();
    if (this.#guard?.(() => this.go(to)) === false) return;
    this.#remember();
    history.pushState({ key: crypto.getRandomValues(new Uint32Array(1)).join() }, "", to);
    this.#read();
    this.#forward();
    this.#arrive();
  }

  /** Something on this place would be lost: ask before one leaves. Until the returned function is called. */
  guard(guard: Guard): () => void {
    this.#guard = guard;
    return () => {
      if (this.#guard === guard) this.free();
    };
  }

  /** Nothing can be lost any more. */
  free(): void {
    this.#guard = undefined;
  }

  /** Changes filters: the same place, without a step to go back. */
  refine(query: Query): void {
    history.replaceState(history.state, "", location.pathname + search(query));
    this.query = new URLSearchParams(location.search);
  }

  /** Where one was on this place, if one was here. To be called once its content stands. */
  restoreScroll(): void {
    scrollTo(0, this.#scrolls.get(this.#key) ?? 0);
  }

  #arrive(): void {
    this.moves += 1;
  }

  #popped(): void {
    if (location.pathname !== this.path && this.#guard?.(() => history.back()) === false) {
      // The browser has gone already: this place is put on top again, so that "back" leads where one wanted to go.
      return history.pushState(history.state, "", this.path + search(Object.fromEntries(this.query)));
    }
    this.#remember();
    const before = this.path;
    this.#read();
    if (this.path !== before) this.#arrive();
  }

  #remember(): void {
    this.#scrolls.set(this.#key, scrollY);
  }

  #read(): void {
    this.#key = (history.state as { key?: string } | null)?.key ?? "first";
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }

  #forward(): void {
    const to = forwarded(this.path);
    if (to === this.path) return;
    history.replaceState(history.state, "", to + location.search);
    this.#read();
  }

  #clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || match(link.pathname) === undefined || link.hash !== "") return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();
