import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, loadEnv } from "vite";

// Everything ends up in files of our own: the content security policy lets nothing else run. For development the API is
// taken from the server at BLUEHOOK_URL.
const server = (mode: string): string => loadEnv(mode, ".", "BLUEHOOK_")["BLUEHOOK_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  build: {
    target: "es2022",
    // These know light-dark(), so that it is left as it is.
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    // The core's wasm travels inside its JavaScript.
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: { "^/(v1|docs|sign-in|readyz)": server(mode) } },
}));
