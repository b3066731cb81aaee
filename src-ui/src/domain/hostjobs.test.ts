import { expect, test } from "vitest";
import { hostMoments, type HostJobScript } from "../backend/fake/hostjobs";
import { foundOdd } from "../backend/fake/verified";
import { NODES } from "../backend/fake/plans";
import { statesAt } from "../backend/fake/timeline";
import { Job } from "../state/job.svelte";
import { spoken, titleParts, whereabout } from "../words/title";
import { whereabouts } from "./arrivals";
import { asksForAttention, endingPill, headingOf, hostOf, isHostJob, nameHere, routeOf } from "./hostjobs";

const SCRIPT: HostJobScript = { kind: "install", host: "gpu-7", plan: "custom_nodes.csv", target: "/workspace/ComfyUI", at: 0, nodes: [{ name: "a", begins: 0, skipped: "already installed" }, { name: "b", begins: 100, fails: "clone: no" }, { name: "c" }] };

function job(change: Partial<HostJobScript> = {}, now = Infinity): Job {
  const [state] = statesAt(now, hostMoments({ ...SCRIPT, ...change }));
  if (!state) throw new Error("there is no job");
  return Job.from(state);
}

test("a job on a host is told by its kind, its nodes, its plan and where they go", () => {
  expect([isHostJob(job()), isHostJob({ kind: "import" })]).toEqual([true, false]);
  expect([headingOf(job()), headingOf(job({}, 1))]).toEqual(["Install 3 nodes", "Install custom_nodes.csv"]);
  expect([routeOf(job()), routeOf(job({}, 1000))]).toEqual(["custom_nodes.csv → /workspace/ComfyUI", "custom_nodes.csv"]);
  expect([nameHere(job()), hostOf(job())]).toEqual(["Install custom_nodes.csv", "gpu-7"]);
});

test("what is done is a path, with or without its host; anything else is no target", () => {
  const made = job({}, 1000);
  for (const [subject, route] of [["~/ComfyUI", "custom_nodes.csv → ~/ComfyUI"], ["gpu-7:/a b", "custom_nodes.csv → /a b"], ["gpu-7", "custom_nodes.csv"]] as const) {
    made.subject = subject;
    expect(routeOf(made)).toBe(route);
  }
});

test("how it ended is said in a word or two, and asks for attention where something is to be done", () => {
  const error = { code: "install_nodes", message: "no", hints: [], chain: [] };
  const failed = job({ ends: { after: 1000, outcome: { type: "failed", error } } });
  const lost = job({ ends: { after: 1000, outcome: { type: "lost", why: "gone" } } });
  const odd = job({ kind: "verify", nodes: [{ name: "a", begins: 0 }], ends: { after: 1000, outcome: { type: "succeeded", result: foundOdd(NODES, null) } } });
  const fine = job({ nodes: [{ name: "a", begins: 0 }], ends: { after: 1000, outcome: { type: "succeeded", result: null } } });
  const cancelled = job({ ends: { after: 1000, outcome: { type: "cancelled", by: "user" } } });
  expect([failed, lost, odd, fine, cancelled, job()].map((made) => endingPill(made).words)).toEqual(["1 failed", "lost", "3 mismatches, 1 missing", "succeeded", "cancelled", "running"]);
  expect([failed, lost, odd, fine, cancelled, job()].map(asksForAttention)).toEqual([true, true, true, false, false, false]);
});

test("titles are taken apart, heard whole, and say the host", () => {
  expect(titleParts("Install a b.csv on gpu-7")).toEqual({ verb: "Install", object: "a b.csv", rest: "on gpu-7" });
  expect([whereabout("Verify a.csv on gpu-7"), whereabout("Import a.tar into Docker 28.5"), whereabout("Repair a.csv")]).toEqual(["on gpu-7", "", ""]);
  expect([spoken("Verify a.csv on gpu-7"), spoken("Import a.tar into docker")]).toEqual(["Verify a.csv on gpu-7", "Import of a.tar"]);
});

test("in a list it is where its nodes are", () => {
  expect(whereabouts(job({ nodes: [{ name: "a", begins: 0 }, { name: "b" }] }, 3000), 3000)).toBe("Nodes · 1 of 2");
});
