import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeBackend } from "../../../backend/fake/backend";
import { WORLDS } from "../../../backend/fake/worlds";
import type { Offer } from "../../../backend/generated/Offer";
import { App } from "../../../state/app.svelte";
import { PlanDraft } from "./draft.svelte";
import { planIn } from "./dropped";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PLAN = "/home/ada/custom_nodes.csv";
const LIST = "/home/ada/custom-node-list.json";
const OWN = "/home/ada/lab.toml";

async function opened(file = PLAN, target = "/workspace/ComfyUI", mode: "install" | "verify" = "install"): Promise<{ draft: PlanDraft; backend: FakeBackend }> {
  const backend = new FakeBackend(WORLDS["host"]!());
  const app = new App(backend);
  await app.stream.open();
  const draft = new PlanDraft(app, "gpu-7", mode, "");
  await draft.open(file);
  if (target) draft.target = target;
  await vi.advanceTimersByTimeAsync(1000);
  return { draft, backend };
}

const asked = (backend: FakeBackend, name: string): unknown[][] => backend.asked.filter((one) => one.name === name).map(({ given }) => given);

test("a plan that is read is chosen as it says, and looked for on the host", async () => {
  const { draft, backend } = await opened(OWN, "");
  expect([draft.target, draft.venv, draft.picked.length, draft.nodes.length]).toEqual(["/workspace/ComfyUI/custom_nodes", "/workspace/venv", 13, 14]);
  expect(asked(backend, "examinePlan")).toHaveLength(1);
  expect(draft.standings.get("ComfyUI-GGUF")).toMatchObject({ prospect: "other_remote" });
});

test("repositories need a folder on the host, and nothing is looked for without one", async () => {
  const { draft, backend } = await opened(PLAN, "");
  expect(draft.problem).toBe("Repositories need a folder on the host.");
  expect(asked(backend, "examinePlan")).toEqual([]);
  draft.target = "ComfyUI";
  expect(draft.problem).toContain("begins with / or ~/");
  draft.target = "~/ComfyUI";
  expect(draft.problem).toBe("");
  expect(await draft.start()).not.toBeNull();
});

test("out of a list the user picks, what cannot be installed stays out, and only what is new is looked for", async () => {
  const { draft, backend } = await opened(LIST);
  expect([draft.picked.length, draft.problem]).toEqual([0, "No node is chosen."]);
  draft.text = "impact 1";
  draft.pick(true);
  await vi.advanceTimersByTimeAsync(1000);
  const all = draft.picked.length;
  expect(all).toBeGreaterThan(10);
  expect(all).toBeLessThan(draft.shown.length + 1);
  expect(draft.picked.every(({ obstacle }) => obstacle === null)).toBe(true);
  draft.text = "";
  const other = draft.nodes.find(({ name, obstacle }) => !draft.chosen.has(name) && !obstacle)!;
  draft.toggle(other);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked(backend, "examinePlan").map(([, only]) => (only as string[]).length)).toEqual([all, 1]);
  draft.toggle(draft.nodes.find(({ obstacle }) => obstacle)!);
  expect(draft.picked).toHaveLength(all + 1);
});

test("none of those that are shown can be left out, also where only the chosen ones are shown", async () => {
  const { draft } = await opened();
  draft.onlyChosen = true;
  draft.text = "comfyui_";
  const shown = draft.shown.length;
  draft.pick(false);
  expect(draft.picked).toHaveLength(34 - shown);
  expect(draft.shown).toHaveLength(0);
});

test("a folder that is in the way is left alone, and the node fails, unless the user says to replace it", async () => {
  const { draft, backend } = await opened();
  expect(draft.left.map(({ name }) => name)).toEqual(["ComfyUI-Easy-Use", "ComfyUI-GGUF", "ComfyUI-Inpaint-Nodes", "ComfyUI-Inspire-Pack"]);
  draft.answer("ComfyUI-GGUF", true);
  draft.answer("ComfyUI-Easy-Use", true);
  draft.answer("ComfyUI-Easy-Use", false);
  await draft.start();
  const [wish] = asked(backend, "install")[0] as [{ only: string[]; replace: string[] }];
  expect([wish.only.length, wish.replace]).toEqual([34, ["ComfyUI-GGUF"]]);
});

test("an answer to a folder is not carried over to another place, nor to a node that is not chosen any more", async () => {
  const { draft, backend } = await opened();
  draft.answer("ComfyUI-GGUF", true);
  draft.toggle(draft.nodes.find(({ name }) => name === "ComfyUI-GGUF")!);
  expect(draft.replacing).toEqual([]);
  draft.toggle(draft.nodes.find(({ name }) => name === "ComfyUI-GGUF")!);
  draft.target = "/elsewhere";
  draft.look();
  await vi.advanceTimersByTimeAsync(1000);
  expect(draft.replacing).toEqual([]);
  await draft.start();
  expect(asked(backend, "install")[0]).toMatchObject([{ replace: [], plan: { target: "/elsewhere" } }]);
});

test("a verification looks at nothing before, and needs no answer", async () => {
  const { draft, backend } = await opened(PLAN, "/workspace/ComfyUI", "verify");
  expect(asked(backend, "examinePlan")).toEqual([]);
  await draft.start();
  expect(asked(backend, "verify")).toMatchObject([[{ host: "gpu-7", file: PLAN, target: "/workspace/ComfyUI", venv: null }, { length: 34 }]]);
});

test("a plan that cannot be read, and a host that cannot be looked at, are said", async () => {
  const { draft, backend } = await opened("/nowhere.csv", "");
  expect([draft.view, draft.error?.message]).toEqual([null, "/nowhere.csv cannot be read"]);
  backend.failures.set("examinePlan", { code: "host_unreachable", message: "gone", hints: [], chain: [] });
  await draft.open(PLAN);
  draft.target = "/a";
  await vi.advanceTimersByTimeAsync(1000);
  expect([draft.error, draft.blind?.message, draft.isExamining]).toEqual([null, "gone", false]);
});

test.each([
  [["/home/ada/a.csv"], "/home/ada/a.csv"],
  [["/home/ada/snapshot.JSON"], "/home/ada/snapshot.JSON"],
  [["/home/ada/a.tar"], null],
  [["/home/ada/a.csv", "/home/ada/b.csv"], null],
  [[], null],
])("in %j the plan is %j", (sources, plan) => {
  const error = { code: "x", message: "no image", hints: [], chain: [] };
  const offer: Offer = { id: 1, phase: "asking", searching: false, engine: null, free_space: null, left_out: 0, files: sources.map((source) => ({ source, name: source, verdict: { type: "refused", error } })) };
  expect(planIn(offer)).toBe(plan);
  expect(planIn(null)).toBeNull();
});
