/** A node of an install, and what is done to it, in words and figures. */

import type { Progress } from "../backend/generated/Progress";
import { figures, fraction, look, remark, type ReadableStep, type StepLook } from "../words/steps";
import { amount, joined, rate } from "../words/units";

/** What is said of a step in a line: what it does, how far it is, and how long it takes. */
export interface NodeFace {
  look: StepLook;
  /** What stands beside the name: why it failed, what it does or waits for, which commit it is at. */
  words: string;
  /** How far it is, from 0 to 1; null where nothing was measured. */
  part: number | null;
  figures: string;
  /** How long it takes, or took. */
  time: string;
}

/** What phases are called while they run, and what they count. */
const PHASES: Record<string, { doing: string; things: string }> = {
  "Receiving objects": { doing: "receiving", things: "objects" },
  "Resolving deltas": { doing: "resolving", things: "deltas" },
  "Checking out files": { doing: "checking out", things: "files" },
  Requirements: { doing: "requirements", things: "packages" },
  "Install script": { doing: "install script", things: "" },
  Pull: { doing: "pulling", things: "layers" },
  Send: { doing: "sending", things: "" },
};

/** A node, and what it does right now. `lines` has what each step said last. */
export function nodeFace(node: ReadableStep, phase: ReadableStep | null, lines: ReadonlyMap<number, string>, now: number): NodeFace {
  const time = figures({ ...read(node), progress: null }, now);
  const face: NodeFace = { look: look(node), words: "", part: null, figures: time, time };
  if (node.outcome) return { ...face, words: reasonOf(node) || (lines.get(node.id) ?? "") };
  if (face.look === "pending") return face;
  const waiting = [phase, node].find((step) => step && (step.waiting !== null || step.stalled !== null));
  if (waiting) return { ...face, look: waiting.stalled === null ? face.look : "stalled", words: remark(waiting) };
  const part = phase && fraction(phase.progress);
  if (phase?.progress && part !== null) return { ...face, part, figures: phaseFigures(phase.name, phase.progress) };
  return { ...face, words: phase ? phaseWords(phase, lines) : "" };
}

/** Any other step in a line: Prepare, the requirements of a node. */
export function stepFace(step: ReadableStep, lines: ReadonlyMap<number, string>, now: number): NodeFace {
  const state = look(step);
  const part = state === "running" && step.waiting === null ? fraction(step.progress) : null;
  return { look: state, words: reasonOf(step) || (lines.get(step.id) ?? ""), part, figures: figures(step, now), time: figures({ ...read(step), progress: null }, now) };
}

/** A step of a job that has ended. What has not ended with it, nobody can tell of. */
export function faceInEnded(step: ReadableStep, lines: ReadonlyMap<number, string>): NodeFace {
  if (step.outcome) return nodeFace(step, null, lines, 0);
  return { look: "pending", words: step.status === "pending" ? "not begun" : "not known", part: null, figures: "", time: "" };
}

/** Why a step ended as it did, or what it waits for. What was skipped says only why. */
export function reasonOf(step: ReadableStep): string {
  return step.outcome?.type === "skipped" ? step.outcome.why : remark(step);
}

/** What each step of a job said last. */
export function lastLines(log: readonly { step: number; line: string }[]): Map<number, string> {
  return new Map(log.map(({ step, line }) => [step, line]));
}

/** `receiving 450 of 1000 objects`, `sending 81 of 140 MiB · 9.0 MiB/s`. */
function phaseFigures(name: string, progress: Progress): string {
  const { doing, things } = PHASES[name] ?? { doing: lowered(name), things: "" };
  const counted = progress.unit === "items" && things ? ` ${things}` : "";
  return joined([`${doing} ${amount(progress)}${counted}`, progress.unit === "bytes" && rate(progress)]);
}

function phaseWords(phase: ReadableStep, lines: ReadonlyMap<number, string>): string {
  const line = lines.get(phase.id);
  const doing = PHASES[phase.name]?.doing ?? lowered(phase.name);
  return line ? `${doing}: ${line}` : doing;
}

function lowered(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** A live step has getters, which a spread would not take along. */
function read({ id, parent, name, status, started_at, finished_at, progress, waiting, stalled, outcome }: ReadableStep): ReadableStep {
  return { id, parent, name, status, started_at, finished_at, progress, waiting, stalled, outcome };
}
