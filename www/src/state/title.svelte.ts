// The title of the page: from the nearest to the farthest, `CRM sync · Test · Bluehook`.

/** Names the page for as long as the component is there that asks for it. */
export function titled(parts: () => string[]): void {
  $effect(() => {
    document.title = [...parts(), "Bluehook"].join(" · ");
  });
}
