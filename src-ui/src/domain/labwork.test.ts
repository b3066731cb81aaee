import { expect, test } from "vitest";
import { ceosStages, labMoments, type LabScript } from "../backend/fake/labjobs";
import { HOST, Topology } from "../backend/fake/topologies";
import type { LabNode } from "../backend/generated/LabNode";
import { Job } from "../state/job.svelte";
import { Jobs } from "../state/jobs.svelte";
import type { ImageStanding } from "./labimages";
import { faceOf } from "./labnode";
import type { LabView } from "../backend/generated/LabView";
import { isUnderWay, jobsOn, lastOn, stageOf, withWork, workIn, workOf } from "./labwork";

/** A job after so many milliseconds. */
function after(milliseconds: number, script: Partial<LabScript> & Pick<LabScript, "nodes">): Job {
  const jobs = new Jobs();
  const moments = labMoments({ kind: "deploy", lab: "dc1", at: 1000, title: "Deploy dc1", ...script });
  moments.filter(({ at }) => at <= 1000 + milliseconds).forEach(({ at, job, change }, index) => jobs.apply({ job, seq: index + 1, at, change }));
  const [job] = jobs.all;
  if (!job) throw new Error("there is no job");
  return job;
}

const node = (change: Partial<LabNode> = {}): LabNode => ({ ...(new Topology("dc1").node("leaf1", HOST).nodes[0] as LabNode), ...change });
const leaf = { name: "leaf1", stages: ceosStages() };
const PRESENT: ImageStanding = { state: "present" };

test("jobs on a lab are those of their kinds that have it as their subject", () => {
  const jobs = [after(60, { nodes: [] }), after(60, { nodes: [], lab: "wan" }), Job.from({ ...after(60, { nodes: [] }).toState(), id: "02", kind: "pull" })];
  expect(jobsOn(jobs, "dc1", new Set())).toEqual([jobs[0]]);
  expect(jobsOn(jobs, "dc1", new Set([jobs[0]!.id])), "of another engine").toEqual([]);
});

test("the last job of a lab is the window's own, or a later one that only the history has", () => {
  const own = Job.from({ ...after(60, { nodes: [] }).toState(), id: "02" });
  const later = { ...own.toState(), id: "03" };
  expect(lastOn([own], { name: "dc1", last_job: null }, new Set())).toBe(own);
  expect(lastOn([own], { name: "dc1", last_job: { ...later, id: "01" } }, new Set())).toBe(own);
  expect(lastOn([own], { name: "dc1", last_job: later }, new Set())?.id).toBe("03");
  expect(lastOn([], { name: "dc1", last_job: later }, new Set())?.id).toBe("03");
});

test("a node's stages are the steps below its own, and the one that runs is where it is", () => {
  const job = after(3000, { nodes: [leaf, { name: "host1", waits: "node leaf1 to be configured" }] });
  const work = workIn(job);
  expect([...work.keys()]).toEqual(["leaf1", "host1"]);
  const stages = work.get("leaf1")?.stages.map(({ name, status }) => `${name} ${status}`);
  expect(stages).toEqual(["Start finished", "Wire finished", "interfaces finished", "platform running"]);
  expect(stageOf(work.get("leaf1")!)?.name).toBe("platform");
  expect(stageOf(work.get("host1")!)).toBeNull();
});

test("a node that is stopped, and then started, goes through both", () => {
  const job = after(5000, { kind: "restart", nodes: [{ name: "Stop leaf1" }, { name: "leaf1", stages: [{ name: "Start" }] }] });
  const work = workIn(job).get("leaf1");
  expect(work?.stages.map(({ name }) => name)).toEqual(["Stop leaf1", "Start"]);
  expect(work && isUnderWay(work)).toBe(true);
});

test("of several jobs the newest tells what a node goes through", () => {
  const first = after(60_000, { nodes: [leaf], ends: 1 });
  const second = after(2000, { kind: "restart", nodes: [{ name: "leaf1", stages: [{ name: "Start" }] }] });
  expect(workOf([first, second]).get("leaf1")?.job).toBe(second);
});

test.each([
  ["the stage that it is in, and since when", 3000, [leaf], { words: "platform", look: "run", why: "waiting for EOS to find its platform" }],
  ["what is done to it", 600, [{ name: "leaf1", stages: [{ name: "Start" }] }], { words: "starting", look: "run", why: "" }],
  ["that it waits, and what for", 3000, [{ name: "leaf1", waits: "its turn to start" }], { words: "waits", look: "plain", why: "waiting for its turn to start" }],
])("a node that a job works on shows %s", (_what, passed, nodes, face) => {
  const work = workIn(after(passed, { nodes })).get("leaf1");
  expect(faceOf(node({ standing: "absent" }), work, PRESENT)).toMatchObject(face);
});

test("a stage's time begins with the stage, and a wait's with the last stage", () => {
  const job = after(3000, { nodes: [leaf] });
  const work = workIn(job).get("leaf1");
  const begun = 1000 + 380 + 1 + 420 + 110 + 1900;
  expect(faceOf(node(), work, PRESENT).since).toBe(begun);
});

test.each([
  [{ standing: "ready" }, PRESENT, "ready", "ok"],
  [{ standing: "failed", reason: "it ended" }, PRESENT, "failed", "bad"],
  [{ standing: "absent" }, PRESENT, "not deployed", "plain"],
  [{ standing: "absent" }, { state: "missing" }, "image missing", "warn"],
  [{ standing: "ready" }, { state: "missing" }, "ready", "ok"],
  [{ standing: "ready", form: "switch" }, undefined, "switch", "ok"],
  [{ standing: "absent", form: "elsewhere" }, undefined, "does not run here", "plain"],
] as [Partial<LabNode>, ImageStanding | undefined, string, string][])("without a job %o with %o is %s", (change, image, words, look) => {
  expect(faceOf(node(change), undefined, image)).toMatchObject({ words, look });
});

test("a node that boots by itself counts from when it was started", () => {
  const face = faceOf(node({ standing: "booting", since: "2026-11-21T12:00:00Z" }), undefined, PRESENT);
  expect(face).toMatchObject({ words: "booting", since: Date.UTC(2026, 10, 21, 12) });
  expect(faceOf(node({ standing: "booting", since: "" }), undefined, PRESENT).since).toBeNull();
});

test("a node that a job saw to be ready is, until it is started again", () => {
  const work = workIn(after(600_000, { nodes: [{ name: "leaf1", stages: ceosStages(2000) }] }));
  const lab = (since: number): LabView => ({ nodes: [node({ standing: "booting", since: new Date(since).toISOString() })] }) as LabView;
  expect(withWork(lab(2000), Date.now(), work, work.get("leaf1")?.job).nodes[0]?.standing).toBe("ready");
  const later = lab(Date.now());
  expect(withWork(later, Date.now(), work, work.get("leaf1")?.job)).toBe(later);
});

test("so is one that was told to be stopped before, and not one that was stopped after", () => {
  const work = workIn(after(600_000, { nodes: [{ name: "leaf1", stages: ceosStages(2000) }] }));
  const { job, own } = work.get("leaf1")!;
  const end = own?.finished_at ?? Number.NaN;
  const lab = { nodes: [node({ standing: "stopped", since: "" })] } as LabView;
  expect(withWork(lab, end - 50, work, job).nodes[0]?.standing).toBe("ready");
  expect(withWork(lab, end + 5000, work, job)).toBe(lab);
  const removal = after(60, { kind: "destroy", nodes: [] });
  expect(withWork(lab, end - 50, work, removal)).toBe(lab);
});
