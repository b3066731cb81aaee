import type { Outcome } from "../backend/generated/Outcome";
import type { Look } from "../shared/look";
import type { IconName } from "../shared/icons";
import type { Job } from "../state/job.svelte";
import type { StepLook } from "../words/steps";

/** The colour of an outcome. Stopped on purpose is no failure, and no success. */
export function outcomeLook(outcome: Outcome): Look {
  if (outcome.type === "succeeded") return "ok";
  if (outcome.type === "cancelled") return "plain";
  return outcome.type === "lost" ? "warn" : "bad";
}

/** The colour of a job as it stands. */
export function jobLook(job: Job): Look {
  if (job.outcome) return outcomeLook(job.outcome);
  if (job.isQueued) return "plain";
  return job.current?.stalled ? "warn" : "run";
}

/** The mark before a step. */
export const STEP_MARKS: Record<StepLook, { icon: IconName; look: Look }> = {
  pending: { icon: "ring", look: "plain" },
  running: { icon: "ring", look: "run" },
  stalled: { icon: "alert", look: "warn" },
  succeeded: { icon: "check", look: "ok" },
  failed: { icon: "cross", look: "bad" },
  cancelled: { icon: "stop", look: "plain" },
  skipped: { icon: "skip", look: "plain" },
};
