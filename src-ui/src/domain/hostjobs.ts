/** Jobs that work on nodes of a host: installs, verifications and repairs. */

import type { Look } from "../shared/look";
import type { Job } from "../state/job.svelte";
import { verdict } from "../words/ending";
import { titleParts, whereabout } from "../words/title";
import { count } from "../words/units";
import { verdictOn, verifyResult } from "../words/verified";
import { outcomeLook } from "./look";
import { nodesOf, tallyOf } from "./shortview";

const HOST_JOBS = new Set(["install", "verify", "repair"]);

export function isHostJob(job: Pick<Job, "kind">): boolean {
  return HOST_JOBS.has(job.kind);
}

/** `Install 34 nodes`; before they are known, what is installed. */
export function headingOf(job: Job): string {
  const { verb, object } = titleParts(job.title);
  const nodes = nodesOf(job.steps).length;
  return nodes > 0 ? `${verb} ${count(nodes, "node")}` : [verb, object].filter(Boolean).join(" ");
}

/** `custom_nodes.csv → /workspace/ComfyUI`. A job's subject is where its nodes go, once that is known: a path, or `gpu-7:/path`. */
export function routeOf(job: Job): string {
  const { object } = titleParts(job.title);
  const target = targetOf(job.subject);
  return [object, target && `→ ${target}`].filter(Boolean).join(" ");
}

/** The job in a list of one host: what it did with which plan. */
export function nameHere(job: Job): string {
  const { verb, object } = titleParts(job.title);
  return [verb, object].filter(Boolean).join(" ");
}

/** The host that a job works on, as its title says it. */
export function hostOf(job: Pick<Job, "kind" | "title">): string {
  return isHostJob(job) ? whereabout(job.title).replace(/^on /, "") : "";
}

/** How a job ended, in a word or two: `succeeded`, `2 failed`, `3 mismatches`. */
export function endingPill(job: Job): { look: Look; words: string } {
  const { outcome } = job;
  if (!outcome) return { look: "run", words: job.isQueued ? "queued" : "running" };
  const result = verifyResult(job);
  if (result) return verdictOn(result);
  const { failed } = tallyOf(nodesOf(job.steps));
  return { look: outcomeLook(outcome), words: outcome.type === "failed" && failed > 0 ? `${failed} failed` : verdict(outcome) };
}

/** Whether the user has something to do with a job that ended. */
export function asksForAttention(job: Job): boolean {
  if (!job.outcome) return false;
  return job.outcome.type === "succeeded" ? endingPill(job).look === "warn" : job.outcome.type !== "cancelled";
}

function targetOf(subject: string | null): string {
  return /^(?:[^/~\s]+:)?([~/].*)$/.exec(subject ?? "")?.[1] ?? "";
}
