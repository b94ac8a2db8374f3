// Single keys that do something wherever no text is being typed. They can be switched off under Account.

import { href } from "../router/routes";
import { router } from "../router/router.svelte";
import { appearance } from "../state/appearance.svelte";
import { help } from "../state/leaving.svelte";
import { session } from "../state/session.svelte";

const ACTIONS: Record<string, () => void> = {
  "?": () => help.show(),
  "/": () => document.querySelector<HTMLElement>("main [data-search]")?.focus(),
  n: () => session.me?.may.create === true && router.go(href("newWebhook")),
  j: () => step(1),
  k: () => step(-1),
};

const PLACES: Record<string, () => string> = { w: () => href("webhooks"), a: () => href("account") };

/** How long after `g` the next letter names a place. */
const PATIENCE = 1500;

let goSince = -Infinity;

/** Listens until the returned function is called. */
export function listen(): () => void {
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}

function pressed(event: KeyboardEvent): void {
  if (!appearance.keys || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]") !== null) return;
  const place = event.timeStamp - goSince < PATIENCE ? PLACES[event.key] : undefined;
  goSince = event.key === "g" ? event.timeStamp : -Infinity;
  const action = place === undefined ? ACTIONS[event.key] : () => router.go(place());
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=menu]") !== null;
}

/** The focus on the next or the previous row. */
function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row-link]")];
  const at = rows.findIndex((row) => row === document.activeElement);
  const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[to]?.focus();
}
