import type { JobEvent } from "../backend/generated/JobEvent";
import type { JobState } from "../backend/generated/JobState";
import type { Snapshot } from "../backend/generated/Snapshot";
import { Job } from "./job.svelte";

/** How many jobs that ended stay in memory; the history has all. */
const ENDED_KEPT = 500;

/** Whoever wants to know of beginnings and ends, but of no progress. */
export type Watcher = (job: Job, what: "started" | "ended") => void;

/** The jobs of the program, as events tell them, and those that other programs run. */
export class Jobs {
  #byId = new Map<string, Job>();
  // The map is changed in place; a counter tells readers, because copying it for each new job would not scale.
  #version: number = $state(0);
  #watchers: Watcher[] = [];

  /** What other programs of this user run: `lw` in a terminal. Told whole, up to a second late. */
  others: Job[] = $state.raw([]);

  /** All of this program, the oldest first. */
  readonly all: Job[] = $derived.by(() => {
    void this.#version;
    return [...this.#byId.values()];
  });
  readonly running: Job[] = $derived([...this.all, ...this.others].filter((job) => job.isRunning));
  readonly queued: Job[] = $derived([...this.all, ...this.others].filter((job) => job.isQueued));
  /** The running and then the waiting, the oldest first. */
  readonly active: Job[] = $derived([...this.running, ...this.queued]);
  /** Those that ended while the program ran, the newest first. */
  readonly ended: Job[] = $derived(this.all.filter((job) => !job.isActive).reverse());

  get(id: string): Job | undefined {
    void this.#version;
    return this.#byId.get(id) ?? this.others.find((job) => job.id === id);
  }

  watch(watcher: Watcher): void {
    this.#watchers.push(watcher);
  }

  /** Forgets everything and begins again with `snapshot`. */
  replace(snapshot: Snapshot): void {
    this.#byId = new Map(snapshot.jobs.map((state) => [state.id, Job.resume(state)]));
    this.#version += 1;
  }

  /** Takes over what other programs run, and says whether one of their jobs is gone. */
  replaceOthers(states: JobState[]): boolean {
    const left = new Set(states.map((state) => state.id));
    const gone = this.others.some((job) => !left.has(job.id));
    this.others = states.map((state) => Job.from(state));
    return gone;
  }

  /** Whether another program runs it. */
  isElsewhere(job: Job): boolean {
    return this.others.includes(job);
  }

  /** Takes one event over, and says whether it did. */
  apply(event: JobEvent): boolean {
    const known = this.#byId.get(event.job);
    if (!known) return this.#begin(event);
    const taken = known.apply(event);
    if (taken && event.change.type === "started") this.#tell(known, "started");
    if (taken && event.change.type === "finished") this.#tell(known, "ended");
    return taken;
  }

  #begin(event: JobEvent): boolean {
    const job = Job.begin(event);
    if (!job) return false;
    this.#byId.set(job.id, job);
    this.#version += 1;
    return true;
  }

  #tell(job: Job, what: "started" | "ended"): void {
    if (what === "ended") this.#forgetOldest();
    for (const watcher of this.#watchers) watcher(job, what);
  }

  #forgetOldest(): void {
    if (this.#byId.size <= ENDED_KEPT) return;
    for (const job of this.#byId.values()) {
      if (this.#byId.size <= ENDED_KEPT) break;
      if (!job.isActive) this.#byId.delete(job.id);
    }
    this.#version += 1;
  }
}
