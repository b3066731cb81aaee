/** All that is known of a job, as text to paste into a report. */

import type { ErrorReport } from "../backend/generated/ErrorReport";
import type { JobState } from "../backend/generated/JobState";
import type { StepState } from "../backend/generated/StepState";
import { cancelledBy, factsOf, imageResult, remarksOn, whereItIs } from "./ending";
import { figures, look, remark } from "./steps";
import { joined } from "./units";

/** `now` stands in for the end of what still runs. */
export function details(job: JobState, now: number): string {
  const log = job.log.map((line) => `  ${new Date(line.at).toISOString()}  ${line.line}`);
  if (job.log_dropped > 0) log.unshift(`  ${job.log_dropped} earlier lines not kept`);
  return [
    job.title,
    `job ${job.id}`,
    `asked for ${new Date(job.queued_at).toISOString()}`,
    ...time("started", job.started_at),
    ...time("ended", job.finished_at),
    "",
    ...ended(job),
    "",
    "Steps",
    ...stepLines(job.steps, null, 1, now),
    ...(log.length ? ["", "Output", ...log] : []),
  ].join("\n");
}

/** The error, its causes and its hints, a line each, in `lw`'s labels. */
export function errorLines(error: ErrorReport): string[] {
  return [
    `error: ${error.message} (${error.code})`,
    ...error.chain.map((cause) => `because ${cause}`),
    ...error.hints.map((hint) => `hint: ${hint}`),
  ];
}

function time(what: string, at: number | null): string[] {
  return at === null ? [] : [`${what} ${new Date(at).toISOString()}`];
}

function ended(job: JobState): string[] {
  const result = imageResult(job);
  if (result) return [`${whereItIs(result)}: ${factsOf(job, result)}`, ...remarksOn(result)];
  switch (job.outcome?.type) {
    case undefined:
      return [job.started_at === null ? "queued" : "running"];
    case "succeeded":
      return ["succeeded"];
    case "failed":
      return errorLines(job.outcome.error);
    case "cancelled":
      return [cancelledBy(job.outcome.by)];
    case "lost":
      return [`lost: ${job.outcome.why}`];
  }
}

function stepLines(steps: StepState[], parent: number | null, depth: number, now: number): string[] {
  const below = steps.filter((step) => step.parent === parent);
  return below.flatMap((step) => [
    `${"  ".repeat(depth)}${joined([`${step.name}: ${look(step)}`, figures(step, now), remark(step)])}`,
    ...stepLines(steps, step.id, depth + 1, now),
  ]);
}
