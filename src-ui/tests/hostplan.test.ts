import { expect, test } from "vitest";
import type { FakeBackend } from "../src/backend/fake/backend";
import type { Offer } from "../src/backend/generated/Offer";
import type { App } from "../src/state/app.svelte";
import { fill, hosted } from "./host";
import { click, press } from "./lab";
import { lastAsked, settled, text, the, until } from "./show";

const grid = (): HTMLElement => the("grid", "Nodes of the plan");
const rows = (): HTMLElement[] => [...grid().querySelectorAll<HTMLElement>(".row")];
const row = (name: string): HTMLElement => {
  const found = rows().find((line) => line.children[1]?.textContent === name);
  if (!found) throw new Error(`${name} is not drawn; on the screen: ${text()}`);
  return found;
};
const main = (): HTMLButtonElement => document.querySelector<HTMLButtonElement>("footer button.main")!;

async function planned(world = "host", verb = "Install…"): Promise<{ app: App; backend: FakeBackend }> {
  const shown = await hosted(world);
  await click(the("button", verb));
  await click(the("button", "Choose a plan…"));
  await until(() => document.querySelector("[role=grid]") !== null, "the plan");
  return shown;
}

test("a plan is chosen, looked for on the host and installed, and the job is shown", async () => {
  const { backend } = await planned();
  expect(text()).toContain("34 of 34 chosen");
  expect(text()).toContain("Repositories need a folder on the host.");
  expect(main().disabled).toBe(true);
  await fill("Folder on the host", "/workspace/ComfyUI");
  await press("{Tab}");
  await until(() => row("ComfyUI-Manager").innerText.includes("already installed"), "what stands there");
  expect(row("ComfyUI-Advanced-ControlNet").innerText).toContain("new");
  expect(row("ComfyUI-Custom-Scripts").innerText).toContain("update");
  expect(text()).toContain("4 nodes will fail, because their folders are left as they are.");
  expect(main().innerText).toBe("Install 34 nodes");
  await click(main());
  expect(lastAsked(backend, "install")).toMatchObject([{ plan: { host: "gpu-7", file: "/home/ada/custom_nodes.csv", target: "/workspace/ComfyUI", venv: null }, only: { length: 34 }, replace: [], jobs: null }]);
  await until(() => text().includes("runs on the host"), "the job");
  for (let second = 0; second < 30; second += 1) backend.advance(1000);
  await until(() => text().includes("34 done"), "the end");
  expect(text()).not.toContain("Cancelling");
});

test("nothing is replaced unless it is chosen, node by node, and what becomes of the old folder is said", async () => {
  const { backend } = await planned();
  await fill("Folder on the host", "/workspace/ComfyUI");
  await press("{Tab}");
  await until(() => row("ComfyUI-GGUF").querySelector("select") !== null, "the question");
  const select = row("ComfyUI-GGUF").querySelector("select")!;
  expect([select.value, select.getAttribute("aria-label")]).toEqual(["leave", "ComfyUI-GGUF: other remote"]);
  select.value = "replace";
  select.dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
  expect(text()).toContain("1 folder is replaced: the old one is moved aside on the host, and kept there for 24 h.");
  grid().focus();
  await press("{Home}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}r");
  expect(text()).toContain("2 folders are replaced");
  expect(text()).toContain("an earlier clone broke off");
  await press("r");
  await click(main());
  expect(lastAsked(backend, "install")).toMatchObject([{ replace: ["ComfyUI-GGUF"] }]);
});

test("out of thousands the user picks without a mouse, and only what is seen is drawn", async () => {
  const { backend } = await planned("host-list");
  expect(grid().getAttribute("aria-rowcount")).toBe("2401");
  expect(rows().length).toBeLessThan(60);
  (document.activeElement as HTMLElement).blur();
  await press("/");
  await press("impact 1");
  await press("{ArrowDown} {ArrowDown} ");
  expect(text()).toContain("2 of 2,400 chosen");
  expect(document.activeElement).toBe(grid());
  grid().focus();
  await press("{End}");
  const active = document.getElementById(grid().getAttribute("aria-activedescendant") ?? "");
  expect(active?.getAttribute("aria-rowindex")).toBe(grid().getAttribute("aria-rowcount"));
  await click(document.querySelector<HTMLElement>(".only input")!);
  expect(rows()).toHaveLength(2);
  await fill("Folder on the host", "~/ComfyUI");
  await click(main());
  expect(lastAsked(backend, "install")).toMatchObject([{ only: { length: 2 } }]);
});

test("what cannot be installed says why, and cannot be chosen", async () => {
  await planned("host-own");
  const odd = row("websocket_image_save.py");
  expect(odd.innerText).toContain("It is a single file");
  expect(odd.getAttribute("aria-disabled")).toBe("true");
  odd.querySelector<HTMLElement>("[data-check]")!.click();
  await settled();
  expect(text()).toContain("13 of 14 chosen");
  expect(text()).toContain("1 entry cannot be installed");
});

test("all of those that are shown are chosen and left out at once", async () => {
  await planned();
  await fill("Search nodes", "controlnet");
  await click(the("button", "Leave these out"));
  expect(text()).toContain("32 of 34 chosen");
  await fill("Search nodes", " ");
  grid().focus();
  await press("{Control>}a{/Control}");
  expect(text()).toContain("34 of 34 chosen");
});

test("a path that is typed is opened, one that is not there is said, and Escape goes back", async () => {
  const { backend } = await hosted("host");
  await click(the("button", "Verify…"));
  expect(document.activeElement?.tagName).toBe("INPUT");
  await press("/nowhere.csv{Enter}");
  await until(() => text().includes("/nowhere.csv cannot be read"), "the refusal");
  await fill("Plan", "/home/ada/custom_nodes.csv");
  await press("{Enter}");
  await until(() => document.querySelector("[role=grid]") !== null, "the plan");
  expect(text()).not.toContain("cannot be read");
  await fill("Folder on the host", "/workspace");
  await click(main());
  expect(lastAsked(backend, "verify")).toMatchObject([{ file: "/home/ada/custom_nodes.csv", target: "/workspace" }, { length: 34 }]);
  await click(the("button", "Install…"));
  expect(document.querySelector("h1")?.textContent).toBe("Install on gpu-7");
  await press("{Escape}");
  expect(document.querySelector("h1")?.textContent).toBe("gpu-7");
});

test("a plan that is dropped on its page is opened there, and not offered as an image", async () => {
  const { backend } = await hosted("host");
  await click(the("button", "Install…"));
  const error = { code: "archive_foreign", message: "it is no image", hints: [], chain: [] };
  const offer = (phase: Offer["phase"]): Offer => ({ id: 9, phase, searching: false, engine: "docker", free_space: null, left_out: 0, files: [{ source: "/home/ada/custom_nodes.csv", name: "custom_nodes.csv", verdict: { type: "refused", error } }] });
  backend.tell({ part: "offer", state: offer("dragged") });
  await until(() => text().includes("Drop to open the plan"), "the overlay");
  expect(text()).not.toContain("import");
  backend.tell({ part: "offer", state: offer("asking") });
  await until(() => document.querySelector("[role=grid]") !== null, "the plan");
  expect(lastAsked(backend, "dismissOffer")).toEqual([9]);
  expect(document.querySelector("dialog")).toBeNull();
});
