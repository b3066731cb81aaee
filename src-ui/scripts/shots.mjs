// Pictures of every view and state: npm run shots -- FOLDER [WORD]
//
// Builds the window with the fake program, serves it under the shipped content security policy, and takes each state in
// both themes and two sizes. With a WORD only the pictures whose name has it. Anything that the page complains about
// is an error.
import { mkdtemp, mkdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright";
import { build } from "vite";
import { SHOTS } from "./states.mjs";

const THEMES = ["light", "dark"];
const SIZES = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
];
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };

const [out, word = ""] = process.argv.slice(2);
if (!out) throw new Error("npm run shots -- FOLDER [WORD]");
await mkdir(out, { recursive: true });

const dist = await mkdtemp(join(tmpdir(), "labwright-shots-"));
await build({ mode: "fake", logLevel: "warn", build: { outDir: dist, emptyOutDir: true } });
const server = await serve(dist, await policy());
const { port } = server.address();
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const complaints = [];
try {
  for (const size of SIZES) for (const theme of THEMES) await take(size, theme);
} finally {
  await browser.close();
  server.close();
  await rm(dist, { recursive: true });
}
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length ? 1 : 0;

async function take(size, theme) {
  const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: "reduce", timezoneId: "UTC" });
  // The desktop shell freezes the prototype of all objects.
  await context.addInitScript(() => Object.freeze(Object.prototype));
  for (const shot of SHOTS) {
    const name = `${shot.name}-${theme}-${size.width}`;
    if (!name.includes(word)) continue;
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(`${name}: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && complaints.push(`${name}: ${message.text()}`));
    await page.goto(`http://127.0.0.1:${port}/?world=${shot.world}&still`);
    await page.waitForTimeout(shot.wait ?? 250);
    await shot.act?.(page);
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(out, `${name}.png`) });
    await page.close();
  }
  await context.close();
}

/** The policy that the shipped window has. */
async function policy() {
  const configuration = JSON.parse(await readFile(new URL("../../tauri.conf.json", import.meta.url), "utf8"));
  return Object.entries(configuration.app.security.csp)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join("; ");
}

function serve(folder, csp) {
  const started = createServer(async (request, answer) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const file = join(folder, normalize(path === "/" ? "/index.html" : path));
    try {
      const body = await readFile(file);
      answer.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": csp });
      answer.end(body);
    } catch {
      answer.writeHead(path === "/favicon.ico" ? 204 : 404).end();
    }
  });
  return new Promise((ready) => started.listen(0, "127.0.0.1", () => ready(started)));
}
