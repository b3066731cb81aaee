import type { Job } from "../state/job.svelte";
import { subject } from "../words/title";

/** What the first look into an import's file said, in one line; empty while nothing was said. */
export function factsOf(job: Job): string {
  const first = job.steps[0]?.id;
  return job.log.find((line) => line.step === first)?.line ?? "";
}

/** Running and waiting imports, in the order of their start. */
export function importsOf(jobs: Job[]): Job[] {
  return jobs.filter((job) => job.kind === "import");
}

/** The name of the file that an import reads. */
export function fileOf(job: Job): string {
  return subject(job.title);
}
