/** What happens to jobs that work on labs, node by node. */

import type { Change } from "../generated/Change";
import type { ErrorReport } from "../generated/ErrorReport";
import { jobId, type Moment } from "./timeline";

/** A stage of a node's way up: how long it takes in milliseconds, and what it waits for meanwhile. */
export interface StageScript {
  name: string;
  /** It does not end without it. */
  takes?: number;
  waits?: string;
  lines?: string[];
  /** It ends with this. */
  fails?: string;
}

export interface NodeScript {
  name: string;
  /** When its turn comes, in milliseconds after the job's start. */
  turn?: number;
  /** What it waits for until its turn comes, and for ever if it does not. */
  waits?: string;
  stages?: StageScript[];
}

export interface LabScript {
  kind: "deploy" | "start" | "stop" | "restart" | "destroy";
  lab: string;
  /** When it was asked for, in milliseconds since 1970. */
  at: number;
  title: string;
  nodes: NodeScript[];
  /** When it ends, in milliseconds after its start; it goes on without. */
  ends?: number;
  error?: ErrorReport;
}

const BEFORE = ["Check", "Prepare", "Patchbay", "Create"];

/** The stages of an Arista cEOS, of which the last takes so long. */
export function ceosStages(agents?: number): StageScript[] {
  return [
    { name: "Start", takes: 420 },
    { name: "Wire", takes: 110 },
    { name: "interfaces", takes: 1900, waits: "its interfaces", lines: ["2 of 2 interfaces are there"] },
    { name: "platform", takes: 7300, waits: "EOS to find its platform", lines: ["Skipping VEosLabInit due to platform=ceoslab"] },
    { name: "agents", ...(agents === undefined ? {} : { takes: agents }), waits: "its agents and the command line", lines: ["Starting ConfigAgent…"] },
  ];
}

/** All that happens to one job. */
export function labMoments(script: LabScript, number = 0): Moment[] {
  const job = jobId(script.at, number);
  const moments: Moment[] = [];
  const tell = (after: number, change: Change): void => void moments.push({ at: script.at + after, job, change });
  tell(0, { type: "queued", kind: script.kind, title: script.title });
  tell(2, { type: "started" });
  const names = script.kind === "deploy" ? [...BEFORE, "Nodes"] : ["Nodes"];
  names.forEach((name, index) => tell(2, { type: "step_added", step: index + 1, parent: null, name }));
  const nodes = names.length;
  names.slice(0, -1).forEach((_, index) => {
    tell(10 + index * 90, { type: "step_started", step: index + 1 });
    tell(90 + index * 90, { type: "step_finished", step: index + 1, outcome: { type: "succeeded" } });
  });
  tell(20, { type: "subject", subject: script.lab });
  const begin = (names.length - 1) * 90 + 20;
  tell(begin, { type: "step_started", step: nodes });
  let next = nodes + 1;
  for (const node of script.nodes) next = nodeMoments(node, next, nodes, begin, tell);
  if (script.ends !== undefined) end(script, nodes, moments, tell);
  return moments.sort((a, b) => a.at - b.at);
}

/** What happens to one node; the number of the next step. */
function nodeMoments(node: NodeScript, own: number, parent: number, begin: number, tell: (after: number, change: Change) => void): number {
  let now = begin + 1;
  let next = own + 1;
  tell(begin, { type: "step_added", step: own, parent, name: node.name });
  tell(now, { type: "step_started", step: own });
  if (node.waits) tell(now, { type: "waiting", step: own, waiting_for: node.waits });
  if (node.turn === undefined && node.waits) return next;
  now += node.turn ?? 0;
  if (node.waits) tell(now, { type: "waiting", step: own, waiting_for: null });
  for (const stage of node.stages ?? []) {
    const step = next;
    next += 1;
    tell(now, { type: "step_added", step, parent: own, name: stage.name });
    tell(now, { type: "step_started", step });
    if (stage.waits) tell(now + 1, { type: "waiting", step, waiting_for: stage.waits });
    for (const line of stage.lines ?? []) tell(now + 5, { type: "log", step, line });
    if (stage.fails !== undefined) {
      const message = stage.fails;
      now += stage.takes ?? 0;
      tell(now, { type: "step_finished", step, outcome: { type: "failed", message } });
      tell(now, { type: "step_finished", step: own, outcome: { type: "failed", message: `booting: ${message}` } });
      return next;
    }
    if (stage.takes === undefined) return next;
    now += stage.takes;
    tell(now, { type: "step_finished", step, outcome: { type: "succeeded" } });
  }
  tell(now, { type: "step_finished", step: own, outcome: { type: "succeeded" } });
  return next;
}

function end(script: LabScript, nodes: number, moments: Moment[], tell: (after: number, change: Change) => void): void {
  const error = script.error;
  const last = Math.max(script.ends ?? 0, ...moments.map(({ at }) => at - script.at));
  tell(last, { type: "step_finished", step: nodes, outcome: error ? { type: "failed", message: error.message } : { type: "succeeded" } });
  const result = { lab: script.lab, nodes: script.nodes.map(({ name }) => name) };
  tell(last, { type: "finished", outcome: error ? { type: "failed", error } : { type: "succeeded", result } });
}
