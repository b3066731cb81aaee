/** What happens to jobs that work on nodes of a host, node by node. */

import type { Change } from "../generated/Change";
import type { Outcome } from "../generated/Outcome";
import type { Progress } from "../generated/Progress";
import type { StepOutcome } from "../generated/StepOutcome";
import { jobId, type Moment } from "./timeline";

/** A phase of a node: how long it takes in milliseconds; without that it does not end. */
export interface PhaseScript {
  name: string;
  takes?: number;
  lines?: string[];
  progress?: Progress;
  waits?: string;
}

export interface NodeScript {
  name: string;
  /** When it begins, in milliseconds after the first could; never without. */
  begins?: number;
  phases?: PhaseScript[];
  /** What it says at its end. */
  said?: string;
  skipped?: string;
  fails?: string;
}

export interface HostJobScript {
  kind: "install" | "verify" | "repair";
  host: string;
  plan: string;
  target: string;
  /** When it was asked for, in milliseconds since 1970. */
  at: number;
  nodes: NodeScript[];
  /** From when on the connection is gone, in milliseconds after the first node. */
  cut?: number;
  /** How it ends, and when; it goes on without. */
  ends?: { after: number; outcome: Outcome };
}

type Tell = (after: number, change: Change) => void;

const TOP = ["Connect", "Prepare", "Nodes", "Verify dependencies"];
const [CONNECT, PREPARE, NODES, VERIFY] = [1, 2, 3, 4];
const TITLES = { install: "Install", verify: "Verify", repair: "Repair" };

/** When the first node can begin, in milliseconds after the job was asked for. */
const BEGIN = 2300;

const SUCCEEDED: StepOutcome = { type: "succeeded" };

/** All that happens to one job. */
export function hostMoments(script: HostJobScript, number = 0): Moment[] {
  const job = jobId(script.at, number);
  const moments: Moment[] = [];
  const tell: Tell = (after, change) => void moments.push({ at: script.at + after, job, change });
  tell(0, { type: "queued", kind: script.kind, title: `${TITLES[script.kind]} ${script.plan} on ${script.host}` });
  tell(2, { type: "started" });
  TOP.forEach((name, index) => tell(2, { type: "step_added", step: index + 1, parent: null, name }));
  script.nodes.forEach(({ name }, index) => tell(2, { type: "step_added", step: stepOf(index), parent: NODES, name }));
  before(script, tell);
  const ended = script.nodes.flatMap((node, index) => nodeMoments(node, index, tell));
  ended.sort((a, b) => a - b).forEach((at, index) => tell(at, { type: "progress", step: NODES, progress: { done: index + 1, total: script.nodes.length, unit: "items", rate: null } }));
  if (script.cut !== undefined) cut(script, script.cut, tell);
  if (script.ends) end(script, script.ends, tell);
  return moments.sort((a, b) => a.at - b.at);
}

function stepOf(index: number): number {
  return 10 + index;
}

function before(script: HostJobScript, tell: Tell): void {
  tell(5, { type: "step_started", step: CONNECT });
  tell(1400, { type: "step_finished", step: CONNECT, outcome: SUCCEEDED });
  tell(1400, { type: "step_started", step: PREPARE });
  tell(1500, { type: "subject", subject: `${script.host}:${script.target}` });
  tell(2200, { type: "log", step: PREPARE, line: "git 2.39 · python 3.11 · 212 GiB free" });
  tell(2200, { type: "step_finished", step: PREPARE, outcome: SUCCEEDED });
  tell(BEGIN, { type: "step_started", step: NODES });
  tell(BEGIN, { type: "progress", step: NODES, progress: { done: 0, total: script.nodes.length, unit: "items", rate: null } });
}

/** What happens to one node; when it ended, if it did. */
function nodeMoments(node: NodeScript, index: number, tell: Tell): number[] {
  if (node.begins === undefined) return [];
  const step = stepOf(index);
  let now = BEGIN + node.begins;
  tell(now, { type: "step_started", step });
  for (const [place, phase] of (node.phases ?? []).entries()) {
    const own = 1000 + index * 10 + place;
    tell(now, { type: "step_added", step: own, parent: step, name: phase.name });
    tell(now, { type: "step_started", step: own });
    if (phase.waits) tell(now + 1, { type: "waiting", step: own, waiting_for: phase.waits });
    for (const line of phase.lines ?? []) tell(now + 5, { type: "log", step: own, line });
    if (phase.progress) tell(now + 10, { type: "progress", step: own, progress: phase.progress });
    if (phase.takes === undefined) return [];
    now += phase.takes;
    const isLast = place === (node.phases?.length ?? 0) - 1;
    tell(now, { type: "step_finished", step: own, outcome: isLast && node.fails ? { type: "failed", message: node.fails } : SUCCEEDED });
  }
  if (node.said) tell(now, { type: "log", step, line: node.said });
  const skipped: StepOutcome | null = node.skipped ? { type: "skipped", why: node.skipped } : null;
  const failed: StepOutcome | null = node.fails ? { type: "failed", message: node.fails } : null;
  tell(now, { type: "step_finished", step, outcome: failed ?? skipped ?? SUCCEEDED });
  return [now];
}

function cut({ host, nodes }: HostJobScript, after: number, tell: Tell): void {
  const waiting_for = `the connection to ${host}: trying again in 8 s; the work goes on there`;
  tell(BEGIN + after, { type: "waiting", step: NODES, waiting_for });
  nodes.forEach((node, index) => {
    if (node.begins !== undefined && node.begins < after) tell(BEGIN + after, { type: "waiting", step: stepOf(index), waiting_for });
  });
}

function end({ nodes }: HostJobScript, { after, outcome }: NonNullable<HostJobScript["ends"]>, tell: Tell): void {
  const now = BEGIN + after;
  if (outcome.type !== "lost") {
    const isOver = outcome.type !== "cancelled";
    const cancelled: StepOutcome = { type: "cancelled" };
    if (!isOver) {
      nodes.forEach((node, index) => (node.phases ?? []).forEach((_, place) => tell(now, { type: "step_finished", step: 1000 + index * 10 + place, outcome: cancelled })));
      nodes.forEach((_, index) => tell(now, { type: "step_finished", step: stepOf(index), outcome: cancelled }));
    }
    const failed = nodes.filter(({ fails }) => fails).length;
    tell(now, { type: "step_finished", step: NODES, outcome: isOver ? (failed ? { type: "failed", message: `${failed} of ${nodes.length} nodes failed` } : SUCCEEDED) : cancelled });
    if (isOver) tell(now, { type: "step_started", step: VERIFY });
    tell(now + 5000, { type: "step_finished", step: VERIFY, outcome: isOver ? SUCCEEDED : cancelled });
  }
  tell(now + 5001, { type: "finished", outcome });
}
