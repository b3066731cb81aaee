import { expect, test } from "vitest";
import { hosted, steps } from "./host";
import { click, press } from "./lab";
import { lastAsked, settled, text, the, until } from "./show";

const card = (): string => document.querySelector<HTMLElement>("section.job")?.innerText.replace(/\s+/g, " ") ?? "";

test("a running install is the card of the picture", async () => {
  await hosted("host-running");
  for (const words of ["Install 34 nodes", "custom_nodes.csv → /workspace/ComfyUI", "runs on the host: closing the app does not stop it", "14 of 34 · 1 failed · 6 m 12 s"]) expect(card()).toContain(words);
  expect(steps().map((row) => row.replace(/, (?:succeeded|failed|running|pending)/, "").replace(/\s+/g, " ").trim())).toEqual([
    "Prepare git 2.39 · python 3.11 · 212 GiB free 0.8 s",
    "12 others show all ended: 12/12",
    expect.stringMatching(/^ComfyUI-Impact-Pack [0-9a-f]{7} · pinned 20 s$/),
    "Requirements 9 packages 14 s",
    "ComfyUI-Flux-Kit clone: repository not found 3.1 s",
    "comfyui_controlnet_aux receiving 5180 of 8931 objects",
    "was-node-suite-comfyui 31 s",
    expect.stringMatching(/^Requirements installing numba 1[23] s$/),
    "18 others show all ended: 0/18",
    "Verify dependencies",
  ]);
  const bars = [...document.querySelectorAll("[role=progressbar]")].map((bar) => `${bar.getAttribute("aria-label")} ${bar.getAttribute("aria-valuenow")}`);
  expect(bars).toContain("All nodes 41");
  expect(bars).toContain("comfyui_controlnet_aux 58");
});

test("it is cancelled, and stays in sight with what came of it", async () => {
  const { backend, app } = await hosted("host-running");
  await click([...document.querySelectorAll<HTMLElement>("section.job button")].find((button) => button.innerText === "Cancel")!);
  expect(lastAsked(backend, "cancelJob")).toEqual([app.jobs.ended[0]?.id]);
  await until(() => card().includes("Cancelled by the user"), "the end");
  await click(the("button", "Close Install 34 nodes"));
  expect(card()).toBe("");
  await until(() => document.querySelector("tbody")?.innerText.includes("cancelled") === true, "the history");
});

test("the others lead to the list of all nodes, which has each one's state, reason and output", async () => {
  const { backend } = await hosted("host-running");
  await click(the("button", "Show all nodes: 12 others above"));
  const list = the("listbox", "Nodes");
  expect(document.activeElement).toBe(list);
  const selected = (): string => list.querySelector<HTMLElement>("[aria-selected=true]")?.innerText.replace(/\s+/g, " ") ?? "";
  expect(selected()).toContain("comfyui_controlnet_aux");
  await press("{ArrowUp}");
  expect(selected()).toContain("ComfyUI-Flux-Kit");
  expect(card()).toContain("clone: repository not found 3.1 s Nothing of its output");
  await press("{ArrowDown}{ArrowDown}");
  expect(card()).toContain("Collecting numba==0.56.4");
  await click(the("button", "Log on the host"));
  await until(() => card().includes("ERROR: No matching distribution"), "the log");
  expect(lastAsked(backend, "nodeLog")?.[1]).toBe("was-node-suite-comfyui");
  backend.failures.set("nodeLog", { code: "host_unreachable", message: "gpu-7 does not answer", hints: [], chain: [] });
  await click(the("button", "Fetch it again"));
  expect(card()).toContain("gpu-7 does not answer");
  list.focus();
  await press("{End}{Home}");
  expect(selected()).toContain("ComfyUI-Manager");
  expect(card()).toContain("Already installed");
  await click(the("button", "Show less"));
  expect(steps()[0]).toContain("Prepare");
  expect((document.activeElement as HTMLElement).innerText).toBe("All 34 nodes");
});

test("while the connection is gone the card says so, and that the work goes on", async () => {
  await hosted("host-cut");
  expect(text().split("waiting for the connection to gpu-7: trying again in 8 s; the work goes on there").length).toBeGreaterThan(2);
  expect(text()).toContain("unreachable");
  expect(card()).toContain("14 of 34");
});

test("while it connects, that is shown first", async () => {
  await hosted("host-began");
  expect(steps()[0]).toContain("Connect");
  expect(card()).toContain("0 of 34");
});

test("an install with failures says which and why, and retries only those", async () => {
  const { backend, app } = await hosted("host-failed");
  for (const words of ["3 failed", "3 of 34 nodes could not be installed on gpu-7", "30 done · 1 already installed · 3 failed", "clone: repository not found", "No matching distribution found for numba==0.56.4", "local changes: nodes.py"]) expect(card()).toContain(words);
  expect(card().split("repository not found"), "each reason is said once").toHaveLength(2);
  await click([...document.querySelectorAll<HTMLElement>("[aria-label='Nodes that failed'] button")][1]!);
  await until(() => card().includes("ERROR: No matching distribution"), "the node");
  await click(the("button", "Retry 3 nodes"));
  expect(lastAsked(backend, "retryJob")).toHaveLength(1);
  backend.advance(100);
  await until(() => app.jobs.running.length === 1, "the retry");
  expect(card()).toContain("Install 3 nodes");
});

test("a lost job says what that means, and what had been done", async () => {
  await hosted("host-lost");
  for (const words of ["lost", "Nobody can say how this job ended", "Lost is neither done nor failed", "14 of 34 nodes had ended: 12 done · 1 already installed · 1 failed", "Verify tells what stands there now"]) expect(card()).toContain(words);
  await click(the("button", "All 34 nodes"));
  expect(card()).toContain("not known");
  expect(card()).toContain("not begun");
});

test("a verification has its findings, the odd ones first, and the conflicts with their nodes", async () => {
  await hosted("host-verified");
  for (const words of ["3 mismatches, 1 missing", "124 satisfied", "1 conflict between packages", "wanted by was-node-suite-comfyui, ComfyUI_IPAdapter_plus", "numba==0.56.4 0.59.1 is there", "fairscale>=0.4.9 not installed", "not understood"]) expect(card()).toContain(words);
  const names = [...document.querySelectorAll<HTMLElement>("ul.nodes > li .name")].map((name) => name.innerText);
  expect(names).toHaveLength(34);
  expect(names.slice(0, 4)).toEqual(["ComfyUI-GGUF", "ComfyUI-Flux-Kit", "was-node-suite-comfyui", "a-custom-node-with-a-name-that-somebody-thought-was-a-good-idea-v2"]);
});

test("a repair says what it would do, and does it only for what is not as wanted", async () => {
  const { backend } = await hosted("host-verified");
  await click(the("button", "Repair 4 nodes…"));
  for (const words of ["Repair 4 nodes on gpu-7", "fetch the pinned commit in place of 09bd1e2", "pip installs numba==0.56.4 in place of 0.59.1", "The other nodes are not touched"]) expect(text()).toContain(words);
  await press("{Escape}");
  expect(lastAsked(backend, "repair")).toBeUndefined();
  expect((document.activeElement as HTMLElement).innerText).toBe("Repair 4 nodes…");
  await press("{Enter}");
  const button = [...document.querySelectorAll<HTMLElement>("dialog button")].find(({ innerText }) => innerText === "Repair")!;
  await click(button);
  expect(lastAsked(backend, "repair")).toEqual([{ host: "gpu-7", file: "/home/ada/custom_nodes.csv", target: "/workspace/ComfyUI", venv: null }, ["ComfyUI-GGUF", "ComfyUI-Flux-Kit", "was-node-suite-comfyui", "a-custom-node-with-a-name-that-somebody-thought-was-a-good-idea-v2"]]);
  backend.advance(100);
  await until(() => card().includes("Repair 4 nodes"), "the job");
});

test("a verification that found nothing says so", async () => {
  await hosted("host-sound");
  await click(document.querySelector("tbody .open") as HTMLElement);
  await settled();
  expect(card()).toContain("Nothing was found that is not as the plan and its requirements say.");
});

test("forty nodes with long names at once: nothing runs out of the card, and the rest is counted", async () => {
  await hosted("host-forty");
  expect(steps().filter((row) => row.includes("others")).join()).toContain("35 running");
  const box = document.querySelector("section.job")!.getBoundingClientRect();
  for (const part of document.querySelectorAll("section.job *")) expect(part.getBoundingClientRect().right).toBeLessThanOrEqual(box.right + 0.5);
  for (const cut of document.querySelectorAll<HTMLElement>("section.job .cut")) if (cut.scrollWidth > cut.clientWidth) expect(cut.title).not.toBe("");
});
