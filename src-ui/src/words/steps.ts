/** One step in words and figures. */

import type { Progress } from "../backend/generated/Progress";
import type { StepState } from "../backend/generated/StepState";
import { amount, duration, joined, rate, showsMovement, timeLeft, wholeSeconds } from "./units";

/** What the words need of a step; the live ones of `state/job` have it too. */
export type ReadableStep = Readonly<StepState>;

/** How a step stands, for its mark and its colour. */
export type StepLook = "pending" | "running" | "stalled" | "succeeded" | "failed" | "cancelled" | "skipped";

export function look(step: ReadableStep): StepLook {
  if (step.outcome) return step.outcome.type;
  if (step.status === "pending") return "pending";
  return step.stalled === null ? "running" : "stalled";
}

/** How far a running step is: `371 of 590 MiB · 31.0 MiB/s · 7 s left`, or the time that passed. */
export function running(step: ReadableStep, now: number): string {
  const progress = measured(step);
  const elapsed = wholeSeconds(Math.floor(Math.max(0, now - (step.started_at ?? now)) / 1000));
  if (step.stalled !== null || step.waiting !== null) return joined([progress && amount(progress), elapsed]);
  if (!progress) return elapsed;
  const last = progress.total === null ? elapsed : timeLeft(progress);
  return joined([amount(progress), rate(progress), last]);
}

/** How far an ended step came, and how long it took. */
export function summary(step: ReadableStep): string {
  const progress = measured(step);
  const complete = progress && progress.total === progress.done ? { ...progress, total: null } : progress;
  const took =
    step.started_at !== null && step.finished_at !== null && duration(step.finished_at - step.started_at);
  return joined([complete && amount(complete), took]);
}

/** What stands beside a step's name besides its figures. */
export function remark(step: ReadableStep): string {
  if (step.stalled !== null) return `stalled, waiting for ${step.stalled}`;
  if (step.waiting !== null) return `waiting for ${step.waiting}`;
  if (step.outcome?.type === "skipped") return `skipped: ${step.outcome.why}`;
  if (step.outcome?.type === "failed") return step.outcome.message;
  return step.outcome?.type === "cancelled" ? "cancelled" : "";
}

/** The step's figures, whatever its state; empty where there are none. */
export function figures(step: ReadableStep, now: number): string {
  if (step.outcome) return summary(step);
  return step.status === "pending" ? "" : running(step, now);
}

/** One phrase for a list: `Send · 371 of 590 MiB · 7 s left`. `what` stands for what the step does. */
export function phrase(step: ReadableStep, now: number, what = step.name): string {
  const progress = measured(step);
  if (step.stalled !== null || step.waiting !== null) return joined([what, remark(step)]);
  if (!progress || progress.total === null) return joined([what, running(step, now)]);
  return joined([what, amount(progress), timeLeft(progress)]);
}

/** The part that is done, from 0 to 1; null where no total was measured. All that was sent is not all that arrived: it stays below 1. */
export function fraction(progress: Progress | null): number | null {
  if (!progress || progress.total === null || !showsMovement(progress)) return null;
  return Math.min(0.99, progress.done / Math.max(1, progress.total));
}

/** Seconds are shown as the time that passed, by the clock here. */
function measured(step: ReadableStep): Progress | null {
  return step.progress && showsMovement(step.progress) ? step.progress : null;
}
