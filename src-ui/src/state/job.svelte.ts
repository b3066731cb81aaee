import type { Change } from "../backend/generated/Change";
import type { JobEvent } from "../backend/generated/JobEvent";
import type { JobState } from "../backend/generated/JobState";
import type { LogLine } from "../backend/generated/LogLine";
import type { Outcome } from "../backend/generated/Outcome";
import { Step } from "./step.svelte";

/** How many of a job's last log lines are kept. */
export const LOG_LINES_KEPT = 200;

/** How deep the tree of a job's steps can be; the steps at the top are the first level. */
export const MAX_STEP_DEPTH = 3;

/**
 * What is known of one job, each part a signal of its own, so that an event touches what it changes and nothing else.
 * The rules are those of `JobState::apply` in `src-tauri/jobs`.
 */
export class Job {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly queued_at: number;
  seq: number;
  /** What it makes or works on, once that is known. */
  subject: string | null = $state(null);
  started_at: number | null = $state(null);
  finished_at: number | null = $state(null);
  outcome: Outcome | null = $state.raw(null);
  steps: Step[] = $state.raw([]);
  log_dropped: number = $state(0);
  #log: LogLine[] = [];
  // Lines are pushed in place; copying two hundred of them for each new one would cost more than showing them.
  #logVersion: number = $state(0);

  constructor(id: string, seq: number, kind: string, title: string, queuedAt: number) {
    this.id = id;
    this.seq = seq;
    this.kind = kind;
    this.title = title;
    this.queued_at = queuedAt;
  }

  /** The job after its first event; null if `event` is none. */
  static begin(event: JobEvent): Job | null {
    if (event.change.type !== "queued") return null;
    return new Job(event.job, event.seq, event.change.kind, event.change.title, event.at);
  }

  static from(state: JobState): Job {
    const job = new Job(state.id, state.seq, state.kind, state.title, state.queued_at);
    job.subject = state.subject;
    job.started_at = state.started_at;
    job.finished_at = state.finished_at;
    job.outcome = state.outcome;
    job.steps = state.steps.map((step) => Step.from(step));
    job.log_dropped = state.log_dropped;
    job.#log = [...state.log];
    return job;
  }

  /** The same of a job that goes on: what a step said may be the last that was heard of it, until it moves. */
  static resume(state: JobState): Job {
    const job = Job.from(state);
    for (const { step } of state.log) {
      const said = job.#step(step);
      if (said?.isOpen) said.saidLast = true;
    }
    return job;
  }

  get isQueued(): boolean {
    return this.started_at === null && this.outcome === null;
  }

  get isRunning(): boolean {
    return this.started_at !== null && this.outcome === null;
  }

  get isActive(): boolean {
    return this.outcome === null;
  }

  /** Its last lines of output. */
  get log(): LogLine[] {
    void this.#logVersion;
    return this.#log.slice();
  }

  /** Where the job is: the first step that runs, or the last that ended. A step that measures sums up those below it. */
  get current(): Step | null {
    return this.#runningBelow(null) ?? this.children(null).filter((step) => step.status === "finished").at(-1) ?? null;
  }

  children(parent: number | null): Step[] {
    return this.steps.filter((step) => step.parent === parent);
  }

  /** Takes `event` over, and says whether it did; a refused one has no effect. */
  apply(event: JobEvent): boolean {
    if (event.job !== this.id || event.seq <= this.seq || this.outcome !== null) return false;
    const taken = this.#change(event.change, event.at);
    if (taken) this.seq = event.seq;
    return taken;
  }

  toState(): JobState {
    const { id, seq, kind, title, subject, queued_at, started_at, finished_at, log, log_dropped, outcome } = this;
    const steps = this.steps.map((step) => step.toState());
    return { id, seq, kind, title, subject, queued_at, started_at, finished_at, steps, log, log_dropped, outcome };
  }

  #change(change: Change, at: number): boolean {
    switch (change.type) {
      case "queued":
        return false;
      case "started":
        return this.#start(at);
      case "subject":
        return this.#name(change.subject);
      case "step_added":
        return this.#addStep(change.step, change.parent, change.name);
      case "step_started":
        return this.#step(change.step)?.start(at) ?? false;
      case "progress":
        return this.#step(change.step)?.advance(change.progress) ?? false;
      case "waiting":
        return this.#step(change.step)?.wait(change.waiting_for) ?? false;
      case "stalled":
        return this.#step(change.step)?.stall(change.waiting_for) ?? false;
      case "log":
        return this.#line(change.step, change.line, at);
      case "step_finished":
        if (this.steps.some((step) => step.parent === change.step && step.isOpen)) return false;
        return this.#step(change.step)?.finish(change.outcome, at) ?? false;
      case "finished":
        this.finished_at = at;
        this.outcome = change.outcome;
        return true;
      default:
        // Readers ignore the types that they do not know: see docs/events.md.
        return false;
    }
  }

  #step(id: number): Step | undefined {
    return this.steps.find((step) => step.id === id);
  }

  #start(at: number): boolean {
    if (this.started_at !== null) return false;
    this.started_at = at;
    return true;
  }

  #name(subject: string): boolean {
    if (this.subject === subject) return false;
    this.subject = subject;
    return true;
  }

  #addStep(id: number, parent: number | null, name: string): boolean {
    const above = parent === null ? null : this.#step(parent);
    const fits = above === null || (above?.isOpen === true && this.#depth(above) < MAX_STEP_DEPTH);
    if (this.started_at === null || !fits || this.#step(id)) return false;
    this.steps = [...this.steps, new Step(id, parent, name)];
    return true;
  }

  #runningBelow(parent: number | null): Step | null {
    const step = this.children(parent).find((child) => child.status === "running");
    if (!step || step.progress) return step ?? null;
    return this.#runningBelow(step.id) ?? step;
  }

  /** How deep a step stands; 1 at the top. */
  #depth(step: Step): number {
    const above = step.parent === null ? undefined : this.#step(step.parent);
    return above ? 1 + this.#depth(above) : 1;
  }

  #line(step: number, line: string, at: number): boolean {
    const said = this.#step(step);
    if (!said) return false;
    said.say();
    this.#log.push({ at, step, line });
    if (this.#log.length > LOG_LINES_KEPT) {
      this.#log.shift();
      this.log_dropped += 1;
    }
    this.#logVersion += 1;
    return true;
  }
}
