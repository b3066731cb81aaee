import { svelte } from "@sveltejs/vite-plugin-svelte";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const plugins = [svelte({ configFile: false })];

export default defineConfig({
  plugins,
  build: {
    // WebKitGTK 2.44, the oldest that the desktop shell runs on, matches this Safari.
    target: "safari17.4",
    // The content security policy allows no inline script, and the webview needs no polyfill.
    modulePreload: { polyfill: false },
    // And no font in a stylesheet.
    assetsInlineLimit: 0,
  },
  test: {
    projects: [
      { plugins, test: { name: "unit", include: ["src/**/*.test.ts"], environment: "node" } },
      {
        plugins,
        optimizeDeps: { include: ["axe-core"] },
        test: {
          name: "browser",
          include: ["tests/**/*.test.ts"],
          // One page at a time, and after the unit tests: one of them measures how long a frame takes.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            viewport: { width: 1280, height: 800 },
            provider: playwright({
              launchOptions: {
                executablePath: "/usr/bin/chromium",
                args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
              },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
