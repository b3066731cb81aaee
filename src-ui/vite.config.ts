import { svelte } from "@sveltejs/vite-plugin-svelte";
import { playwright } from "@vitest/browser-playwright";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const plugins = [svelte({ configFile: false })];

/** Modules that assign to what an object inherits: where, how often, and what does the same without an assignment. */
const ASSIGNED = [
  { module: "@xterm/xterm/lib/xterm.mjs", assignment: /\b([\w$]+)\.toString=([\w$]+);/g, definition: 'Object.defineProperty($1,"toString",{value:$2});', count: 1 },
  { module: "d3-color/dist/d3-color.mjs", assignment: /\bprototype\.constructor = constructor;/g, definition: 'Object.defineProperty(prototype, "constructor", { value: constructor });', count: 1 },
];

/**
 * The desktop shell freezes the prototype of all objects, so that an assignment to what objects inherit fails. Here it
 * becomes a definition, which does not.
 */
const frozen: Plugin = {
  name: "labwright-frozen",
  apply: "build",
  transform(code, id) {
    const found = ASSIGNED.find(({ module }) => id.endsWith(module));
    if (!found) return null;
    const count = code.match(found.assignment)?.length ?? 0;
    if (count !== found.count) this.error(`${found.module} assigns ${count} times what it inherits, not ${found.count}`);
    return { code: code.replace(found.assignment, found.definition), map: null };
  },
};

export default defineConfig({
  plugins: [...plugins, frozen],
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
        optimizeDeps: { include: ["axe-core", "@xterm/addon-fit", "@xterm/addon-search", "@xterm/xterm", "@xyflow/svelte"] },
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
