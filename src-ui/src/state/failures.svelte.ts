import { SvelteSet } from "svelte/reactivity";
import type { Job } from "./job.svelte";
import type { Jobs } from "./jobs.svelte";
import type { Library } from "./parts.svelte";

/** Pulls that failed while the program ran, until the user dismisses them, pulls again, or the image is there. */
export class FailedPulls {
  #jobs: Jobs;
  #library: Library;
  #dismissed = new SvelteSet<string>();
  /** The image that had the name when the pull failed: what was there before is not what was to come. */
  #before = new Map<string, string | null>();

  /** The newest first. */
  readonly all: Job[] = $derived.by(() => this.#jobs.ended.filter((job) => isFailed(job) && this.#isOpen(job)));

  constructor(jobs: Jobs, library: Library) {
    this.#jobs = jobs;
    this.#library = library;
    jobs.watch((job, what) => {
      if (what === "ended") this.#note(job);
    });
  }

  /** Takes over those that failed before the window was opened. */
  adopt(): void {
    for (const job of this.#jobs.ended) this.#note(job);
  }

  dismiss(job: Job): void {
    this.#dismissed.add(job.id);
  }

  #note(job: Job): void {
    if (isFailed(job) && !this.#before.has(job.id)) this.#before.set(job.id, this.#there(job));
  }

  #isOpen(job: Job): boolean {
    if (this.#dismissed.has(job.id) || this.#wasPulledAgain(job)) return false;
    const there = this.#there(job);
    return there === null || there === this.#before.get(job.id);
  }

  #wasPulledAgain(job: Job): boolean {
    const isLater = (other: Job): boolean => other.kind === "pull" && other.subject === job.subject && other.id > job.id;
    return this.#jobs.all.some(isLater) || this.#jobs.others.some(isLater);
  }

  #there(job: Job): string | null {
    return this.#library.named(job.subject ?? "")?.id ?? null;
  }
}

function isFailed(job: Job): boolean {
  return job.kind === "pull" && job.outcome?.type === "failed";
}
