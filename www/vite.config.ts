import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { CompileOptions } from "svelte/compiler";
import { loadEnv, type Plugin } from "vite";
import { defineConfig } from "vitest/config";

import { GROUPS } from "./chunks";

/** Svelte's modules do nothing by being loaded that a component in runes mode needs: what is not used of them goes. */
const UNUSED = /svelte\/src\//;

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
        codeSplitting: { groups: GROUPS },
      },
    },
    // The core's wasm travels inside its JavaScript.
    chunkSizeWarningLimit: 1500,
  },
  // The test of the colours reads them.
  test: { css: true },
  server: { proxy: { "^/(v1|docs|sign-in|readyz)": server(mode) } },
}));
