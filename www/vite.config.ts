import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Everything ends up in files of our own: the content security policy lets nothing else run.
export default defineConfig({
  plugins: [svelte()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    // The core's wasm travels inside its JavaScript.
    chunkSizeWarningLimit: 1500,
  },
});
