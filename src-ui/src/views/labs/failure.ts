import type { ErrorReport } from "../../backend/generated/ErrorReport";
import type { LabNode } from "../../backend/generated/LabNode";
import { failedStep, type NodeWork } from "../../domain/labwork";
import { hintsHere } from "../../words/hints";
import { remark } from "../../words/steps";
import { isThere } from "./menus";

/** Why a node failed: at which step, and what the job that brought it up says to do. Null where it did not. */
export function failureOf(node: LabNode, work: NodeWork | undefined): ErrorReport | null {
  const step = work && node.standing !== "ready" ? failedStep(work) : null;
  if (node.standing !== "failed" && !step) return null;
  // What the step says has the last lines that were printed, and what the engine says has not.
  const why = step ? remark(step) : node.reason;
  return {
    code: "node_failed",
    message: step && step !== work?.own ? `${node.name} failed at ${step.name}` : `${node.name} failed`,
    chain: why ? [why] : [],
    hints: (step && hintsFor(work)) ?? [isThere(node) ? "Look at its log, and restart it." : "Its container was taken back. Bring the lab up again once the cause is mended."],
  };
}

/** What the job says to do is said of this node only if it is the only one that failed. */
function hintsFor(work: NodeWork | undefined): string[] | null {
  const outcome = work?.job.outcome;
  if (!work?.own || outcome?.type !== "failed" || outcome.error.hints.length === 0) return null;
  const { parent } = work.own;
  const failed = work.job.steps.filter((step) => step.parent === parent && step.outcome?.type === "failed");
  return failed.length === 1 ? hintsHere(outcome.error) : null;
}
