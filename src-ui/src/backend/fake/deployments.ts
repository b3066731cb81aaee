/** A lab that is being deployed: one node boots, one runs its commands, and one waits for them. */

import type { Change } from "../generated/Change";
import { jobId, type Moment } from "./timeline";

const NODES = 5;

/** All that has happened to a deployment that began at `at`, fourteen seconds later. */
export function deployMoments(at: number): Moment[] {
  const job = jobId(at);
  const moments: Moment[] = [];
  let now = at;
  const then = (wait: number, change: Change): void => {
    now += wait;
    moments.push({ at: now, job, change });
  };
  const wait = (step: number, waiting_for: string): void => then(200, { type: "waiting", step, waiting_for });
  then(0, { type: "queued", kind: "deploy", title: "Deploy dc1 on Docker 28.5" });
  then(2, { type: "started" });
  ["Check", "Prepare", "Patchbay", "Create", "Nodes"].forEach((name, index) =>
    then(0, { type: "step_added", step: index + 1, parent: null, name }),
  );
  for (const step of [1, 2, 3, 4]) {
    then(10, { type: "step_started", step });
    then(90, { type: "step_finished", step, outcome: { type: "succeeded" } });
  }
  then(0, { type: "step_started", step: NODES });
  ["leaf1", "leaf2", "a-host-with-quite-a-long-name"].forEach((name, index) =>
    then(0, { type: "step_added", step: index + 6, parent: NODES, name }),
  );
  for (const step of [6, 7, 8]) then(0, { type: "step_started", step });
  then(0, { type: "step_added", step: 9, parent: 6, name: "Boot" });
  then(0, { type: "step_started", step: 9 });
  wait(9, "its command line to answer");
  then(0, { type: "step_added", step: 10, parent: 7, name: "Commands" });
  then(0, { type: "step_started", step: 10 });
  then(0, { type: "progress", step: 10, progress: { done: 1, total: 3, unit: "items", rate: null } });
  wait(10, "`Cli -p 15 -c \"copy running-config startup-config\"` to end");
  wait(8, "node leaf2 to be configured");
  return moments;
}
