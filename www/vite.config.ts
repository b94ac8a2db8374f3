import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { CompileOptions } from "svelte/compiler";
import { loadEnv, type Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** What the first view stands on. Parts of Svelte that only other screens use come with those. */
const BASE = new RegExp(
  [
    "preload-helper|node_modules/clsx",
    "node_modules/svelte/(?!.*(attachments|svelte-head|select|size|window|await|html|transitions|clone|shared/warnings)\\.js)",
    "src/(app|screens)\\.",
    "/text\\.ts$",
    "src/lib/(back-off|number|plural|stored|time)\\.",
    "src/api/(client|me|problem|webhooks)\\.",
    "src/router/",
    "src/state/(appearance|clock|connection|fares|language|leaving|loading|notices|session|switching|title|words)",
    "src/shell/(bar|keys|outlet)\\.",
    "src/ui/(button|choice|icons?|lazy|menu|place|popover|skeleton|sparkline|status|switch|table|tick|waiting)\\.",
  ].join("|"),
);

/** Parts of Svelte that do something when they are loaded, which only matters to those who use them. */
const UNUSED = /svelte\/src\/(internal\/client\/dom\/elements\/(custom-element|bindings\/size)|legacy\/legacy-client)\.js$/;

type CssHash = NonNullable<CompileOptions["cssHash"]>;

/** Short names for scopes of styles: they stand in every rule and every element. */
const cssHash: CssHash = ({ hash, css }) => `s-${hash(css).slice(0, 4)}`;

const withoutUnused: Plugin = {
  name: "without-unused",
  transform: (code, id) => (UNUSED.test(id) ? { code, map: null, moduleSideEffects: false } : undefined),
};

// Everything ends up in files of our own: the content security policy lets nothing else run. For development the API is
// taken from the server at BLUEHOOK_URL.
const server = (mode: string): string => loadEnv(mode, ".", "BLUEHOOK_")["BLUEHOOK_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig(({ mode }) => ({
  plugins: [svelte({ compilerOptions: { cssHash } }), withoutUnused],
  build: {
    target: "es2022",
    // These know light-dark(), so that it is left as it is.
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: false,
    rollupOptions: {
      output: {
        // What every screen stands on comes as one file: it compresses better than in pieces.
        codeSplitting: { groups: [{ name: "base", test: BASE, includeDependenciesRecursively: false }] },
      },
    },
    // The core's wasm travels inside its JavaScript.
    chunkSizeWarningLimit: 1500,
  },
  // The test of the colours reads them.
  test: { css: true },
  server: { proxy: { "^/(v1|docs|sign-in|readyz)": server(mode) } },
}));
