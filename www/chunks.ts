// Which modules come in one file. Pieces that are fetched together compress better together, and a screen brings only what
// it has for itself.

interface Group {
  name: string;
  test: RegExp;
  includeDependenciesRecursively: false;
}

const group = (name: string, ...parts: string[]): Group => ({
  name,
  test: new RegExp(parts.join("|")),
  includeDependenciesRecursively: false,
});

/** What the first view stands on. Parts of Svelte that only other screens use come with those. */
const base = group(
  "base",
  "preload-helper|node_modules/clsx",
  "node_modules/svelte/(?!.*(attachments|svelte-head|select|size|input|window|await|html|transitions|clone|shared/warnings)\\.js)",
  "src/(app|screens)\\.|src/core/near|src/base\\.css",
  "src/(screens/\\w+|parts|shell)/[a-z-]*text\\.ts$",
  "src/lib/(back-off|number|plural|stored|time)\\.",
  "src/api/(client|me|problem|webhooks)\\.",
  "src/router/",
  "src/state/(appearance|clock|connection|fares|language|leaving|loading|notices|session|switching|title|words)",
  "src/shell/(bar|keys|outlet)\\.",
  "src/ui/(button|choice|icons?|lazy|menu|place|popover|skeleton|sparkline|status|switch|table|tick|waiting)\\.",
);

/** The form but for its way in, which fetches this while it asks the server. */
const form = group("form-parts", "src/screens/form/(?!text|form\\.|new-form|settings-form|draft|fields|merge|places|secret-choice|parts)");
const formEntry = group("form-entry", "src/screens/form/(new-form|settings-form|draft|fields|merge|places|secret-choice|parts)", "src/state/drafts");

/** What more than one screen writes and reads with. */
const writing = group(
  "writing",
  "src/ui/(event-tree|tree-|combobox|json-area|code-|panels|copy|dialog|field|text-field|secret-field|save-bar|chips|progress|select|banner|failure|facts|empty|phases|tabs|link)",
  "src/lib/(lines|colour|pointer|words|selected|copy|curl|receiver|size|secret)\\.|src/text/events",
  "src/api/settings|src/parts/secret",
);

/** What the shell and a webhook's page show now and then. */
const shell = group("shell-rest", "src/shell/(session-over|key-list|sign-out|lost|toasts|not-found|signed-out|unread)", "src/ui/(toasts|countdown)");
const webhook = group("webhook-rest", "src/screens/webhook/(hand-over|delete)");

export const GROUPS: Group[] = [base, form, formEntry, writing, shell, webhook];
