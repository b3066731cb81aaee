import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte({ configFile: false })],
  build: {
    // WebKitGTK 2.40, the oldest that the desktop shell runs on, matches this Safari.
    target: "safari16.4",
    // The content security policy allows no inline script, and the webview needs no polyfill.
    modulePreload: { polyfill: false },
  },
  test: { include: ["src/**/*.test.ts"] },
});
