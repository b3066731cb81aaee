import { ending } from "../words/ending";
import { titleParts } from "../words/title";
import { moment } from "../words/when";
import type { Job } from "../state/job.svelte";
import { whereabouts } from "./arrivals";

/** A job on a lab in one line: `Deploy · leaf2: agents · 4 s`, `Stop · done in 9.3 s, 11:02`. */
export function labJobWords(job: Job, now: number): string {
  const verb = titleParts(job.title).verb.split(" ")[0] ?? "";
  if (job.isActive) return `${verb} · ${whereabouts(job, now)}`;
  return `${verb} · ${ending(job)}, ${moment(job.finished_at ?? job.queued_at, now)}`;
}
