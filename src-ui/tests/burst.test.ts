import { expect, test } from "vitest";
import type { JobEvent } from "../src/backend/generated/JobEvent";
import { pastJobs } from "../src/backend/fake/past";
import { NOON } from "../src/backend/fake/worlds";
import { jobId } from "../src/backend/fake/timeline";
import { settled, show, until } from "./show";

const EVENTS = 100_000;
const RUNNING = 40;

/** A queue of changes of forty jobs: steps, progress, output, and an end for each. */
function burst(first: number): JobEvent[] {
  const events: JobEvent[] = [];
  const add = (number: number, change: JobEvent["change"]): void => {
    events.push({ job: jobId(NOON, number + 1), seq: first + events.length, at: NOON + events.length, change });
  };
  for (let job = 0; job < RUNNING; job += 1) {
    add(job, { type: "queued", kind: "import", title: `Import burst-${job}.tar into Docker 28.5` });
    add(job, { type: "started" });
    add(job, { type: "step_added", step: 1, parent: null, name: "Send" });
    add(job, { type: "step_started", step: 1 });
  }
  for (let turn = 1; events.length < EVENTS - 2 * RUNNING; turn += 1) {
    const job = turn % RUNNING;
    if (turn % 10 === 0) add(job, { type: "log", step: 1, line: `line ${turn}` });
    else add(job, { type: "progress", step: 1, progress: { done: turn * 4096, total: EVENTS * 4096, unit: "bytes", rate: 40_000_000 } });
  }
  for (let job = 0; job < RUNNING; job += 1) {
    add(job, { type: "step_finished", step: 1, outcome: { type: "succeeded" } });
    add(job, { type: "finished", outcome: { type: "succeeded", result: null } });
  }
  return events;
}

// A machine that does something else at the same moment also makes a frame long; a burst that is applied badly does so
// each time.
test.each(["images", "activity"] as const)("a burst of 100,000 events with 500 jobs in the history blocks no frame of %s", { retry: 2 }, async (view) => {
  const { app, backend } = await show("idle", { history: pastJobs(NOON, 500) });
  app.navigation.show(view);
  await settled();
  const events = burst(1);

  let longest = 0;
  let before = performance.now();
  let watching = true;
  const watch = (now: number): void => {
    longest = Math.max(longest, now - before);
    before = now;
    if (watching) requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
  const start = performance.now();
  for (let at = 0; at < events.length; at += 20_000) {
    backend.push(events.slice(at, at + 20_000));
    await new Promise((done) => setTimeout(done, 16));
  }
  await until(() => app.stream.backlog === 0, "the end of the burst");
  watching = false;
  console.info(`${view}: ${events.length} events in ${Math.round(performance.now() - start)} ms, longest frame ${Math.round(longest)} ms`);

  expect(app.jobs.ended).toHaveLength(RUNNING);
  expect(longest).toBeLessThan(250);
});
