import { expect, test } from "vitest";
import type { Change } from "../backend/generated/Change";
import type { JobEvent } from "../backend/generated/JobEvent";
import type { Progress } from "../backend/generated/Progress";
import { Job, LOG_LINES_KEPT } from "./job.svelte";
import { forward } from "./step.svelte";

/** A job and the number of its last event. */
class Script {
  seq = 1;
  readonly job: Job;

  constructor(...changes: Change[]) {
    const begun = Job.begin(this.event({ type: "queued", kind: "import", title: "Import a.tar" }));
    if (!begun) throw new Error("a job begins with `queued`");
    this.job = begun;
    for (const change of changes) expect(this.apply(change)).toBe(true);
  }

  apply(change: Change, seq = ++this.seq): boolean {
    return this.job.apply({ job: "01", seq, at: seq * 10, change });
  }

  private event(change: Change): JobEvent {
    return { job: "01", seq: 1, at: 10, change };
  }
}

const added = (step: number, parent: number | null = null): Change => ({ type: "step_added", step, parent, name: `step ${step}` });
const stepStarted = (step: number): Change => ({ type: "step_started", step });
const bytes = (done: number, total: number | null = null, rate: number | null = null): Progress => ({ done, total, unit: "bytes", rate });
const progress = (step: number, made: Progress): Change => ({ type: "progress", step, progress: made });
const stepEnded = (step: number): Change => ({ type: "step_finished", step, outcome: { type: "succeeded" } });
const STARTED: Change = { type: "started" };
const FINISHED: Change = { type: "finished", outcome: { type: "cancelled", by: "user" } };

test("a job begins with `queued` and with nothing else", () => {
  expect(Job.begin({ job: "01", seq: 1, at: 0, change: STARTED })).toBeNull();
  const { job } = new Script();
  expect([job.isQueued, job.isRunning, job.isActive]).toEqual([true, false, true]);
});

test("refused, without any effect: other jobs, repeated events, everything after the end", () => {
  const script = new Script(STARTED);
  expect(script.job.apply({ job: "02", seq: 99, at: 0, change: FINISHED })).toBe(false);
  expect(script.apply(added(1), 2)).toBe(false);
  expect(script.apply(FINISHED)).toBe(true);
  const before = script.job.toState();
  expect(script.apply(added(1))).toBe(false);
  expect(script.apply(FINISHED)).toBe(false);
  expect(script.job.toState()).toEqual(before);
});

test("refused: steps that nobody announced, announced twice, before the start, or too deep", () => {
  expect(new Script().apply(added(1))).toBe(false);
  const script = new Script(STARTED, added(1), added(2, 1), added(3, 2));
  expect(script.apply(added(4, 3))).toBe(false);
  expect(script.apply(added(3))).toBe(false);
  expect(script.apply(added(5, 77))).toBe(false);
  expect(script.apply(stepStarted(9))).toBe(false);
  expect(script.apply({ type: "log", step: 9, line: "x" })).toBe(false);
  expect(script.apply(STARTED)).toBe(false);
});

test("refused: the end of a step whose own steps are open, and a step below an ended one", () => {
  const script = new Script(STARTED, added(1), added(2, 1));
  expect(script.apply(stepEnded(1))).toBe(false);
  expect(script.apply(stepEnded(2))).toBe(true);
  expect(script.apply(stepEnded(1))).toBe(true);
  expect(script.apply(stepEnded(1))).toBe(false);
  expect(script.apply(added(3, 1))).toBe(false);
});

test("a refused event does not count as taken over", () => {
  const script = new Script(STARTED, added(1), stepStarted(1), progress(1, bytes(5)));
  expect(script.apply(progress(1, bytes(4)), 50)).toBe(false);
  expect(script.job.seq).toBe(5);
  expect(script.apply(progress(1, bytes(6)), 6)).toBe(true);
});

test.each([
  ["the first is taken", null, bytes(5, 9), bytes(5, 9)],
  ["onward", bytes(5, 9), bytes(6, 9), bytes(6, 9)],
  ["backwards", bytes(5, 9), bytes(4, 9), null],
  ["nothing new", bytes(5, 9, 1), bytes(5, 9, 1), null],
  ["only the rate", bytes(5, 9, 1), bytes(5, 9, 2), bytes(5, 9, 2)],
  ["a total that was passed is unknown", bytes(5, 9), bytes(10, 9), bytes(10, null)],
  ["a clock gives way", { done: 7, total: null, unit: "seconds", rate: null } as Progress, bytes(1), bytes(1)],
  ["and not the reverse", bytes(1), { done: 7, total: null, unit: "seconds", rate: null } as Progress, null],
  ["no other unit", bytes(1), { done: 7, total: null, unit: "items", rate: null } as Progress, null],
])("progress: %s", (_name, last, next, becomes) => {
  expect(forward(last, next)).toEqual(becomes);
});

test("a stall forgets the rate, and ends with movement or output but not with time", () => {
  const script = new Script(STARTED, added(1), stepStarted(1), progress(1, bytes(5, 9, 3)), { type: "stalled", step: 1, waiting_for: "it" });
  const step = script.job.steps[0];
  expect([step?.stalled, step?.progress?.rate]).toEqual(["it", null]);
  script.apply(progress(1, bytes(5, 9, 0)));
  expect(step?.stalled).toBe("it");
  script.apply(progress(1, bytes(6, 9, 1)));
  expect(step?.stalled).toBeNull();
  script.apply({ type: "stalled", step: 1, waiting_for: "it" });
  script.apply({ type: "log", step: 1, line: "a sign of life" });
  expect(step?.stalled).toBeNull();
});

test("what a step waits for stands until it goes on, waits for something else, or ends", () => {
  const script = new Script(STARTED, added(1), stepStarted(1), { type: "waiting", step: 1, waiting_for: "its turn" });
  const step = script.job.steps[0];
  script.apply({ type: "log", step: 1, line: "still here" });
  script.apply(progress(1, bytes(5, 9)));
  expect(step?.waiting).toBe("its turn");
  script.apply({ type: "stalled", step: 1, waiting_for: "it" });
  script.apply({ type: "waiting", step: 1, waiting_for: null });
  expect([step?.waiting, step?.stalled]).toEqual([null, null]);
  script.apply({ type: "waiting", step: 1, waiting_for: "its end" });
  script.apply({ type: "step_finished", step: 1, outcome: { type: "succeeded" } });
  expect(step?.waiting).toBeNull();
});

test("the last lines are kept, and the others counted", () => {
  const script = new Script(STARTED, added(1));
  for (let line = 1; line <= LOG_LINES_KEPT + 7; line += 1) script.apply({ type: "log", step: 1, line: `line ${line}` });
  expect(script.job.log).toHaveLength(LOG_LINES_KEPT);
  expect(script.job.log_dropped).toBe(7);
  expect([script.job.log[0]?.line, script.job.log.at(-1)?.line]).toEqual(["line 8", "line 207"]);
});

test("a change of an unknown type is ignored", () => {
  const script = new Script(STARTED);
  expect(script.apply({ type: "moved_to_the_moon" } as unknown as Change)).toBe(false);
});

test("a state goes through a job unchanged", () => {
  const { job } = new Script(STARTED, added(1), stepStarted(1), progress(1, bytes(5, 9, 3)), added(2, 1), { type: "log", step: 2, line: "x" });
  expect(Job.from(job.toState()).toState()).toEqual(job.toState());
});

test("a job is where its first running step is, which sums up those below it once it measures", () => {
  const script = new Script(STARTED, added(1), added(2), added(3), stepStarted(1), added(4, 1), added(5, 1), stepStarted(4), stepStarted(5));
  expect(script.job.current?.id).toBe(4);
  expect(script.apply(progress(1, bytes(5, 9)))).toBe(true);
  expect(script.apply(stepStarted(2))).toBe(true);
  expect(script.job.current?.id).toBe(1);
  for (const step of [4, 5, 1]) expect(script.apply(stepEnded(step))).toBe(true);
  expect(script.job.current?.id).toBe(2);
  expect(script.apply(stepEnded(2))).toBe(true);
  expect(script.job.current?.id).toBe(2);
});

test("what a step said is the last that was heard of it until it moves, also for a window that opens late", () => {
  const line = (step: number): Change => ({ type: "log", step, line: "it broke" });
  const script = new Script(STARTED, added(1), stepStarted(1), progress(1, bytes(5, 9)), line(1));
  const said = (job: Job): boolean | undefined => job.steps[0]?.saidLast;
  expect([said(script.job), said(Job.resume(script.job.toState())), said(Job.from(script.job.toState()))]).toEqual([true, true, false]);
  script.apply(progress(1, bytes(5, 9, 7)));
  expect(said(script.job)).toBe(true);
  script.apply(progress(1, bytes(6, 9)));
  expect(said(script.job)).toBe(false);
  script.apply(line(1));
  script.apply(stepEnded(1));
  expect([said(script.job), said(Job.resume(script.job.toState()))]).toEqual([false, false]);
});
