import { expect, test } from "vitest";
import type { Progress } from "../backend/generated/Progress";
import type { StepState } from "../backend/generated/StepState";
import { Step } from "../state/step.svelte";
import { faceInEnded, lastLines, nodeFace, reasonOf, stepFace } from "./nodeface";

const NOW = 40_000;
const NONE = new Map<number, string>();

function step(name: string, change: Partial<StepState> = {}): Step {
  return Step.from({ id: 7, parent: 3, name, status: "running", started_at: 9000, finished_at: null, progress: null, waiting: null, stalled: null, outcome: null, ...change });
}

const ended = (outcome: StepState["outcome"], change: Partial<StepState> = {}): Step => step("node", { status: "finished", finished_at: 31_000, outcome, ...change });
const progress = (done: number, total: number | null, unit: Progress["unit"] = "items", rate: number | null = null): Progress => ({ done, total, unit, rate });

test.each([
  ["Receiving objects", progress(450, 1000), 0.45, "receiving 450 of 1000 objects"],
  ["Resolving deltas", progress(9, 10), 0.9, "resolving 9 of 10 deltas"],
  ["Checking out files", progress(412, 412), 0.99, "checking out 412 of 412 files"],
  ["Send", progress(81 * 2 ** 20, 140 * 2 ** 20, "bytes", 9 * 2 ** 20), 81 / 140, "sending 81.0 of 140 MiB · 9.00 MiB/s"],
  ["Submodule extern/x", progress(1, 4), 0.25, "submodule extern/x 1 of 4"],
])("%s is measured as git does it", (name, measured, part, figures) => {
  expect(nodeFace(step("node"), step(name, { progress: measured }), NONE, NOW)).toMatchObject({ look: "running", part, figures, words: "", time: "31 s" });
});

test("without a total there is no bar, only the time, and what is done", () => {
  expect(nodeFace(step("node"), step("Receiving objects", { progress: progress(450, null) }), NONE, NOW)).toMatchObject({ part: null, figures: "31 s", words: "receiving" });
  expect(nodeFace(step("node"), step("Install script", { id: 8 }), new Map([[8, "downloading models"]]), NOW).words).toBe("install script: downloading models");
  expect(nodeFace(step("node"), null, NONE, NOW)).toMatchObject({ words: "", figures: "31 s" });
});

test("what a node waits for is worth more than its bar, and a stall is called one", () => {
  const phase = step("Receiving objects", { progress: progress(450, 1000), waiting: "the connection to gpu-7: trying again in 8 s; the work goes on there" });
  expect(nodeFace(step("node"), phase, NONE, NOW)).toMatchObject({ look: "running", part: null, words: "waiting for the connection to gpu-7: trying again in 8 s; the work goes on there" });
  expect(nodeFace(step("node", { stalled: "github.com" }), step("Receiving objects"), NONE, NOW)).toMatchObject({ look: "stalled", words: "stalled, waiting for github.com" });
});

test("a node that ended says how, and why", () => {
  const lines = lastLines([{ step: 7, line: "first" }, { step: 7, line: "a1b2c3d · pinned" }]);
  expect(nodeFace(ended({ type: "succeeded" }), null, lines, NOW)).toMatchObject({ look: "succeeded", words: "a1b2c3d · pinned", figures: "22 s" });
  expect(nodeFace(ended({ type: "failed", message: "clone: repository not found" }), null, lines, NOW)).toMatchObject({ look: "failed", words: "clone: repository not found" });
  expect(reasonOf(ended({ type: "skipped", why: "already installed" }))).toBe("already installed");
  expect(nodeFace(ended({ type: "cancelled" }), null, NONE, NOW).words).toBe("cancelled");
  expect(nodeFace(step("node", { status: "pending", started_at: null }), null, NONE, NOW)).toMatchObject({ look: "pending", words: "", figures: "" });
});

test("of what had not ended with its job nothing is told but that", () => {
  expect(faceInEnded(step("node"), NONE)).toMatchObject({ look: "pending", words: "not known", time: "" });
  expect(faceInEnded(step("node", { status: "pending" }), NONE).words).toBe("not begun");
  expect(faceInEnded(ended({ type: "succeeded" }), NONE)).toMatchObject({ look: "succeeded", time: "22 s" });
});

test("requirements say what pip says, and how long it takes", () => {
  expect(stepFace(step("Requirements"), new Map([[7, "installing numba"]]), NOW)).toMatchObject({ words: "installing numba", figures: "31 s", part: null });
});
