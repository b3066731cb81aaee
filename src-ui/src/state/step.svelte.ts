import type { Progress } from "../backend/generated/Progress";
import type { StepOutcome } from "../backend/generated/StepOutcome";
import type { StepState } from "../backend/generated/StepState";
import type { StepStatus } from "../backend/generated/StepStatus";

/** What is known of one step. It refuses the same changes as its original in Rust, and then stays as it was. */
export class Step implements StepState {
  readonly id: number;
  readonly parent: number | null;
  readonly name: string;
  status: StepStatus = $state("pending");
  started_at: number | null = $state(null);
  finished_at: number | null = $state(null);
  progress: Progress | null = $state.raw(null);
  waiting: string | null = $state(null);
  stalled: string | null = $state(null);
  outcome: StepOutcome | null = $state.raw(null);
  /** Whether the last that was heard of it is a line and no movement. */
  saidLast: boolean = $state(false);

  constructor(id: number, parent: number | null, name: string) {
    this.id = id;
    this.parent = parent;
    this.name = name;
  }

  static from(state: StepState): Step {
    const { id, parent, name, ...rest } = state;
    return Object.assign(new Step(id, parent, name), rest);
  }

  get isOpen(): boolean {
    return this.status !== "finished";
  }

  start(at: number): boolean {
    if (this.status !== "pending") return false;
    this.status = "running";
    this.started_at = at;
    return true;
  }

  /** Takes over `reported` if it says something new and does not lead backwards. */
  advance(reported: Progress): boolean {
    if (this.status !== "running") return false;
    const next = forward(this.progress, reported);
    if (!next) return false;
    if (moved(this.progress, next)) {
      this.stalled = null;
      this.saidLast = false;
    }
    this.progress = next;
    return true;
  }

  /** A line of output came from it. */
  say(): void {
    this.stalled = null;
    this.saidLast = true;
  }

  /** What it waits for from now on; null if it goes on. Where it was stalled, it is not any more. */
  wait(waitingFor: string | null): boolean {
    const saysSomething = this.waiting !== waitingFor || this.stalled !== null;
    if (this.status !== "running" || !saysSomething) return false;
    this.waiting = waitingFor;
    this.stalled = null;
    return true;
  }

  stall(waitingFor: string): boolean {
    if (this.status !== "running") return false;
    this.stalled = waitingFor;
    this.#forgetRate();
    return true;
  }

  finish(outcome: StepOutcome, at: number): boolean {
    if (this.status === "finished") return false;
    this.status = "finished";
    this.finished_at = at;
    this.waiting = null;
    this.stalled = null;
    this.saidLast = false;
    this.#forgetRate();
    this.outcome = outcome;
    return true;
  }

  toState(): StepState {
    const { id, parent, name, status, started_at, finished_at, progress, waiting, stalled, outcome } = this;
    return { id, parent, name, status, started_at, finished_at, progress, waiting, stalled, outcome };
  }

  /** A rate measured before nothing moved is no longer true. */
  #forgetRate(): void {
    if (this.progress) this.progress = { ...this.progress, rate: null };
  }
}

/**
 * What the progress becomes if `reported` follows `last`; null if it would lead backwards, change what is counted, or
 * say nothing new. A clock may give way to something measured, but not the reverse. A total that was passed was wrong:
 * it is unknown from then on, rather than a 100 % that nobody confirmed.
 */
export function forward(last: Progress | null, reported: Progress): Progress | null {
  const passed = reported.total !== null && reported.total < reported.done;
  const next = passed ? { ...reported, total: null } : reported;
  if (!last) return next;
  if (last.unit === "seconds" && next.unit !== "seconds") return next;
  const onward = last.unit === next.unit && last.done <= next.done;
  const same = last.done === next.done && last.total === next.total && last.rate === next.rate;
  return onward && !same ? next : null;
}

/** Whether going from `last` to `next` shows that something moved. */
function moved(last: Progress | null, next: Progress): boolean {
  const before = last && last.unit === next.unit ? last.done : 0;
  return next.unit !== "seconds" && next.done > before;
}
