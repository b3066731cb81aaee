/** Jobs that work on labs, and what a node goes through in them. */

import type { LabNode } from "../backend/generated/LabNode";
import type { LabView } from "../backend/generated/LabView";
import { Job } from "../state/job.svelte";
import type { Step } from "../state/step.svelte";

/** The kinds of job that have a lab as their subject. */
const LAB_JOBS = new Set(["deploy", "start", "stop", "restart", "destroy"]);

/** The kinds of job that have a step for each node, below which its stages stand. */
const WITH_NODES = new Set([...LAB_JOBS, "install", "verify", "repair"]);

/** The step below which each node has one of its own. */
export const NODES = "Nodes";

/** How the step is called that stops a node: `Stop leaf1`, and a node's name has no space. */
const STOP = "Stop ";

/** What one job does to one node. */
export interface NodeWork {
  job: Job;
  /** The node's own step; none while the job only stops it. */
  own: Step | null;
  /** What is done to it, in its order. */
  stages: Step[];
}

/** Those of `jobs` that work on the lab, in their order. A lab of another engine may have the same name: `elsewhere` are its jobs. */
export function jobsOn(jobs: Job[], lab: string, elsewhere: ReadonlySet<string>): Job[] {
  return jobs.filter((job) => LAB_JOBS.has(job.kind) && job.subject === lab && !elsewhere.has(job.id));
}

/** The job that ended last on a lab: one of `ended`, which come newest first, or one that only the history has. */
export function lastOn(ended: Job[], lab: Pick<LabView, "name" | "last_job">, elsewhere: ReadonlySet<string>): Job | null {
  const [known] = jobsOn(ended, lab.name, elsewhere);
  const past = lab.last_job;
  // Names of jobs sort by time.
  if (known && (!past || known.id >= past.id)) return known;
  return past ? Job.from(past) : null;
}

/** What a job does to each node. Only its tree of steps is read, so that progress changes nothing here. */
export function workIn(job: Job): Map<string, NodeWork> {
  const below = new Map<number | null, Step[]>();
  for (const step of job.steps) {
    const siblings = below.get(step.parent);
    if (siblings) siblings.push(step);
    else below.set(step.parent, [step]);
  }
  const nodes = below.get(null)?.find((step) => step.name === NODES);
  const work = new Map<string, NodeWork>();
  for (const step of nodes ? (below.get(nodes.id) ?? []) : []) {
    const stops = step.name.startsWith(STOP);
    const node = stops ? step.name.slice(STOP.length) : step.name;
    const known = work.get(node) ?? { job, own: null, stages: [] };
    if (stops) known.stages.push(step);
    else Object.assign(known, { own: step, stages: [...known.stages, ...(below.get(step.id) ?? [])] });
    work.set(node, known);
  }
  return work;
}

/** What the newest of several jobs does to each node; they come oldest first. */
export function workOf(jobs: Job[]): Map<string, NodeWork> {
  return new Map(jobs.flatMap((job) => [...workIn(job)]));
}

/** What a step is called where it stands alone: `leaf2: agents` of a node's, and its own name of any other. */
export function stepTitle(job: Job, step: Step): string {
  if (!WITH_NODES.has(job.kind) || step.parent === null) return step.name;
  const above = job.steps.find(({ id }) => id === step.parent);
  return above && above.parent !== null ? `${above.name}: ${step.name}` : step.name;
}

/** The stage that a node is in; none while it waits, and once its work is over. */
export function stageOf(work: NodeWork): Step | null {
  return work.stages.findLast((stage) => stage.status === "running") ?? null;
}

/** The step at which a job gave a node up: the stage that failed, or the node's own; null where it did not. */
export function failedStep({ own, stages }: NodeWork): Step | null {
  if (own?.outcome?.type !== "failed") return null;
  return stages.findLast((stage) => stage.outcome?.type === "failed") ?? own;
}

/** Whether a job is still to do something to the node, or does. */
export function isUnderWay(work: NodeWork): boolean {
  if (!work.job.isRunning) return false;
  return work.own ? work.own.isOpen : work.stages.some((stage) => stage.isOpen);
}

/** How old what is told of nodes may be, in milliseconds: many changes are looked at together. */
const LATE = 1000;

/**
 * The lab, which was told at that time, with the nodes that a job has seen to be ready since they were started: what is
 * told of them comes a little later.
 */
export function withWork(lab: LabView, told: number, work: ReadonlyMap<string, NodeWork>, newest: Job | undefined): LabView {
  const isReady = (node: LabNode): boolean => {
    const { own, job } = work.get(node.name) ?? {};
    if (own?.outcome?.type !== "succeeded" || own.finished_at === null) return false;
    if (node.standing === "booting") return own.finished_at >= Date.parse(node.since);
    // What a job has not finished it may take back, and a later one may have taken it away.
    if (job !== newest || (job?.outcome && job.outcome.type !== "succeeded")) return false;
    return (node.standing === "stopped" || node.standing === "absent") && own.finished_at >= told - LATE;
  };
  if (!lab.nodes.some(isReady)) return lab;
  return { ...lab, nodes: lab.nodes.map((node) => (isReady(node) ? { ...node, standing: "ready", reason: "" } : node)) };
}
