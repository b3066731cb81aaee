import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import type { ErrorReport } from "../src/backend/generated/ErrorReport";
import type { FakeBackend } from "../src/backend/fake/backend";
import { lastAsked, settled, show, text, the, until } from "./show";

const REFERENCE = "ghcr.io/nokia/srlinux:24.10";

async function press(keys: string): Promise<void> {
  await userEvent.keyboard(keys);
  await settled();
}

const field = (): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>("dialog input");
  if (!found) throw new Error(`there is no field; on the screen: ${text()}`);
  return found;
};

const asked = (backend: FakeBackend, name: string): number => backend.asked.filter((question) => question.name === name).length;
const layers = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(".layer")];
const row = (reference: string): HTMLElement | undefined => [...document.querySelectorAll<HTMLElement>("[role=row]")].find((line) => line.innerText.startsWith(reference));
const card = (): HTMLElement => the("section", "Pull ghcr.io");

test("an image is pulled without a mouse: key, reference, Enter", async () => {
  const { app, backend } = await show("idle");
  app.navigation.show("activity");
  await settled();
  await press("{Control>}l{/Control}");
  expect(document.activeElement).toBe(field());
  await press(REFERENCE);
  expect(text()).toContain("From ghcr.io");
  await press("{Enter}");
  expect(lastAsked(backend, "pull")).toEqual([{ reference: REFERENCE, platform: null }]);
  expect(document.querySelector("dialog")).toBeNull();
  expect(app.navigation.view).toBe("images");
  backend.advance(3000);
  await until(() => row(REFERENCE)?.innerText.includes("%") ?? false, "the line of what is pulled");
  for (let second = 0; second < 40; second += 1) backend.advance(1000);
  await until(() => row(REFERENCE)?.innerText.includes("not used") ?? false, "the image");
});

test("what a short name means is said, and what is wrong is not asked for", async () => {
  const { app, backend } = await show("idle");
  app.navigation.open("pull");
  await settled();
  expect(text()).toContain("into Docker 28.5");
  await press("alpine");
  expect(text()).toContain("Means docker.io/library/alpine:latest");
  await press(":");
  expect(text()).toContain("After the colon a tag is missing");
  await press("{Enter}");
  expect(asked(backend, "pull")).toBe(0);
  await userEvent.clear(field());
  await press(`alpine@sha256:${"0f".repeat(32)}`);
  expect(field().getAttribute("aria-invalid")).toBe("false");
  await press("{Enter}");
  expect(asked(backend, "pull")).toBe(1);
});

test("another platform is chosen or written, and a wrong one is said", async () => {
  const { app, backend } = await show("idle");
  app.navigation.open("pull");
  await settled();
  await press("alpine");
  const platform = document.querySelector<HTMLSelectElement>("dialog select");
  expect([...(platform?.options ?? [])].map((option) => option.text)).toEqual(["linux/amd64, the engine's own", "linux/arm64", "linux/arm/v7", "another…"]);
  await userEvent.selectOptions(platform as HTMLSelectElement, "another…");
  await settled();
  const written = document.querySelector<HTMLInputElement>("input[aria-label='Another platform']");
  await userEvent.type(written as HTMLInputElement, "linux");
  expect(text()).toContain("A platform is a system and a processor");
  await press("{Enter}");
  expect(asked(backend, "pull")).toBe(0);
  await press("/s390x{Enter}");
  expect(lastAsked(backend, "pull")).toEqual([{ reference: "alpine", platform: "linux/s390x" }]);
});

test("what the program refuses is said in the sheet, which stays", async () => {
  const refusal: ErrorReport = { code: "engine_gone", message: "Docker 28.5 does not answer", chain: ["connection refused"], hints: ["Start it."] };
  const { app } = await show("idle", { failures: { pull: refusal } });
  app.navigation.open("pull");
  await settled();
  await press("alpine{Enter}");
  expect(text()).toContain("Docker 28.5 does not answer because connection refused Start it.");
  expect(field().value).toBe("alpine");
  expect(app.failure).toBeNull();
});

test("without an engine nothing can be pulled, and nothing was pulled before", async () => {
  const { app, backend } = await show("podman", { pulled: [] });
  app.navigation.open("pull");
  await settled();
  expect(text()).toContain("There is no engine to pull into yet");
  expect(text()).toContain("What you pull stays here");
  await press("alpine{Enter}");
  expect(asked(backend, "pull")).toBe(0);
});

test("what was pulled before is there, on its way or missing, and changes as it happens", async () => {
  const { app, backend } = await show("pull-two");
  app.navigation.open("pull");
  await settled();
  const lines = (): string[] => [...document.querySelectorAll<HTMLElement>("dialog li")].map((line) => line.innerText.replace(/\s+/g, " "));
  expect(lines().slice(0, 3)).toEqual([
    "ghcr.io/nokia/srlinux:24.10 7 of 12 layers · 172 of 299 MiB · 6 s left Cancel",
    "quay.io/frrouting/frr:10.1.0 queued Cancel",
    "ghcr.io/nokia/srlinux:25.3.1 in Docker 28.5 Pull again",
  ]);
  document.querySelector<HTMLElement>("dialog li button[aria-label^='Cancel Pull ghcr.io']")?.click();
  await until(() => lines()[0] === "ghcr.io/nokia/srlinux:24.10 not in Docker 28.5 Pull", "the end of the pull");
  the("button", "Pull: alpine:latest").click();
  await settled();
  expect(lastAsked(backend, "pull")).toEqual([{ reference: "alpine:latest", platform: null }]);
  expect(lines()[0]).toContain("alpine:latest");
  expect(lines()[0]).toContain("Cancel");
  expect(document.querySelector("dialog")).not.toBeNull();
  expect(document.activeElement?.closest("dialog li")).not.toBeNull();
});

test("the arrows walk through what was pulled before, and a name fills the field", async () => {
  const { app, backend } = await show("idle");
  app.navigation.open("pull");
  await settled();
  await press("{ArrowDown}{ArrowDown}{ArrowDown}");
  expect(field().value).toBe("alpine:latest");
  expect(text()).toContain("Means docker.io/library/alpine:latest");
  await press("{ArrowUp}");
  expect(field().value).toBe("wbitt/network-multitool:3.22.2");
  const name = [...document.querySelectorAll<HTMLElement>("dialog li button")].find((button) => button.innerText === "quay.io/frrouting/frr:10.5.1");
  name?.focus();
  await press("{Enter}");
  expect([field().value, document.activeElement === field(), asked(backend, "pull")]).toEqual(["quay.io/frrouting/frr:10.5.1", true, 0]);
});

test("a pull has a card with its layers below its download, and a line in the table", async () => {
  await show("pull");
  expect(card().innerText.replace(/\s+/g, " ")).toContain("linux/amd64 · 12 layers · 299 MiB");
  expect(card().innerText).toContain("172 of 299 MiB · 24.0 MiB/s · 6 s left");
  expect(card().innerText).toContain("7 of 12 layers");
  expect(card().innerText).not.toMatch(/\n[0-9a-f]{12}\n/);
  expect(layers()).toHaveLength(12);
  expect(layers().filter((layer) => layer.classList.contains("came"))).toHaveLength(7);
  expect(layers()[4]?.title).toMatch(/^[0-9a-f]{12} · 43\.1 of 101 MiB$/);
  expect(layers().every((layer) => layer.closest("[aria-hidden=true]"))).toBe(true);
  expect(row(REFERENCE)?.innerText).toMatch(/ghcr\.io[^]*57 %/);
});

test("the layers of a hundred fit in one line, in every size of window", async () => {
  const { page } = await import("vitest/browser");
  for (const [width, height] of [[1280, 800], [900, 600], [720, 480]] as const) {
    await page.viewport(width, height);
    await show("pull-hundred");
    const tops = new Set(layers().map((layer) => Math.round(layer.getBoundingClientRect().top)));
    expect([layers().length, tops.size]).toEqual([100, 1]);
    const bars = layers()[0]?.parentElement;
    expect(layers().at(-1)?.getBoundingClientRect().right).toBeLessThanOrEqual((bars?.getBoundingClientRect().right ?? 0) + 0.5);
    expect(layers().every((layer) => layer.getBoundingClientRect().width >= 0.9)).toBe(true);
  }
  await page.viewport(1280, 800);
});

test("what runs never shrinks, layer by layer, and the count of layers never falls", async () => {
  const { backend } = await show("pull-began");
  let before: number[] = [];
  let counted = 0;
  for (let step = 0; step < 120; step += 1) {
    backend.advance(200);
    await settled();
    if (!document.querySelector(".layer")) continue;
    const parts = [...document.querySelectorAll<HTMLElement>(".layer b")].map((bar) => Number(/scaleX\((.*)\)/.exec(bar.style.transform)?.[1]));
    parts.forEach((part, index) => expect(part).toBeGreaterThanOrEqual(before[index] ?? 0));
    const count = Number(/(\d+) of 12 layers/.exec(card().innerText)?.[1]);
    expect(count).toBeGreaterThanOrEqual(counted);
    [before, counted] = [parts, count];
  }
  expect(counted).toBeGreaterThan(10);
});

test.each([
  ["pull-retry", ["8 of 12 layers", "1 broke off"], []],
  ["pull-stalled", ["stalled, waiting for ghcr.io to send the image", "11 of 12 layers", "1 stalled"], ["time left"]],
  ["pull-unknown", ["skipped: ghcr.io could not be asked from here", "172 MiB · 24.0 MiB/s · 7 s", "7 of 12 layers so far"], ["s left", "%"]],
  ["pull-podman", ["Engine commit", "12 of 12 layers"], ["Extract", "%"]],
  ["pull-containerd", ["Extract", "4 of 12"], []],
  ["pull-half", ["of 12 layers"], []],
])("in the world %s the card says what is measured and no more", async (world, words, never) => {
  await show(world);
  for (const word of words) expect(card().innerText).toContain(word);
  for (const word of never) expect(card().innerText).not.toContain(word);
});

test("without a total there is no bar for the download, and the table says its name and no percentage", async () => {
  await show("pull-unknown");
  expect(card().querySelector("[role=progressbar]")).toBeNull();
  expect(row(REFERENCE)?.innerText).toContain("Download");
});

test("layers that were there are told from those that came, and a broken one is said in Activity too", async () => {
  await show("pull-half");
  expect(layers().slice(0, 6).every((layer) => layer.classList.contains("there") && layer.title.endsWith("the engine had it"))).toBe(true);
  const { app } = await show("pull-retry");
  app.navigation.show("activity");
  await until(() => text().includes("Copy details"), "the details");
  const step = [...document.querySelectorAll<HTMLElement>(".step")].find((line) => line.innerText.includes("broke; the engine tries again in 5 s"));
  expect(step?.querySelector("[role=progressbar]")).toBeNull();
});

test("pulls wait for their turn, each in its line, and the list of jobs says of which layers", async () => {
  const { app } = await show("pull-queue");
  expect(text()).toContain("2 more running · 4 queued");
  expect(row("quay.io/frrouting/frr:10.1.0")?.innerText ?? "queued").toContain("queued");
  app.navigation.show("activity");
  await until(() => text().includes("7 of 12 layers · 172 of 299 MiB · 6 s left"), "the jobs");
});

test("a pull that failed is said with its causes, until it is dismissed", async () => {
  await show("pull-failed");
  for (const word of ["registry.example.net/lab/router-1:1.0 could not be pulled", "because registry registry.example.net does not show", "because authentication required (status 401)", "docker login"]) expect(text()).toContain(word);
  the("button", "Dismiss: registry").click();
  await settled();
  expect(text()).not.toContain("could not be pulled");
});

test("a pull that failed is tried again by its job, and its note gives way", async () => {
  const { app, backend } = await show("pull-failed");
  const [failed] = app.failedPulls.all;
  the("button", "Pull again: registry.example.net/lab/router-1:1.0").click();
  await settled();
  expect(lastAsked(backend, "retryJob")).toEqual([failed?.id]);
  await until(() => !text().includes("could not be pulled"), "the new pull");
  backend.advance(1000);
  await until(() => row("registry.example.net/lab/router-1:1.0") !== undefined, "its line");
});

test("of several that failed two are shown, and the others are in Activity", async () => {
  const { app } = await show("pull-failures");
  expect(document.querySelectorAll("[role=group][aria-label=Error]")).toHaveLength(2);
  the("button", "2 more in Activity").click();
  await settled();
  expect(app.navigation.view).toBe("activity");
});

test("an image from a registry is pulled again from its details, and that can be cancelled there", async () => {
  const { backend } = await show("idle");
  row("ceos:4.34.2F")?.click();
  await until(() => text().includes("Copy reference"), "the details");
  expect(text()).not.toContain("Pull again");
  row("ghcr.io/nokia/srlinux:25.3.1")?.click();
  await until(() => text().includes("Pull again"), "its details");
  the("button", "Pull again").click();
  await settled();
  expect(lastAsked(backend, "pull")).toEqual([{ reference: "ghcr.io/nokia/srlinux:25.3.1", platform: null }]);
  backend.advance(4000);
  await until(() => /Being pulled: \d+ of 12 layers/.test(text()), "how far it is");
  const again = the("button", "Pull again") as HTMLButtonElement;
  expect(again.disabled).toBe(true);
  expect(document.getElementById(again.getAttribute("aria-describedby") ?? "")?.innerText).toContain("Being pulled");
  document.querySelector<HTMLElement>("aside button[aria-label^=Cancel]")?.click();
  await until(() => !(the("button", "Pull again") as HTMLButtonElement).disabled, "the end");
});

test("an image of another architecture stays one when it is pulled again", async () => {
  const { app, backend } = await show("idle");
  const images = app.library.images.map((image) => ({ ...image, architecture: "arm64" }));
  backend.tell({ part: "images", state: { engine: "engine-1", listed: true, images, error: null } });
  await settled();
  row("quay.io/frrouting/frr:10.5.1")?.click();
  await until(() => text().includes("Pull again"), "its details");
  the("button", "Pull again").click();
  await settled();
  expect(lastAsked(backend, "pull")).toEqual([{ reference: "quay.io/frrouting/frr:10.5.1", platform: "linux/arm64" }]);
});

test("past pulls, saves and copies have their words in Activity", async () => {
  const { app } = await show("pulled");
  app.navigation.show("activity");
  await until(() => text().includes("was already in Docker 28.5, and is what the registry has"), "the history");
  for (const word of ["99.9 MiB downloaded in", "Save ceos:1", "Copy ceos:1", "done in 3.0 s"]) expect(text()).toContain(word);
});
