import type { Backend } from "../backend/backend";
import type { Batch } from "../backend/generated/Batch";
import type { ErrorReport } from "../backend/generated/ErrorReport";
import type { JobEvent } from "../backend/generated/JobEvent";
import type { Opening } from "../backend/generated/Opening";
import type { Part } from "../backend/generated/Part";
import { asReport } from "./report";

/** Where events and parts go. */
export interface Sink {
  begin(opening: Opening): void;
  event(event: JobEvent): void;
  part(part: Part): void;
}

/** How long a slice of a burst may take, in milliseconds: half of a frame, the other half is for drawing it. */
const SLICE = 8;

/** How many events are applied between two looks at the clock. */
const STRIDE = 64;

/** How long an opening may take before the window says that the program does not answer, in milliseconds. */
export const PATIENCE = 4000;

/** How long the window waits before it asks again after a refusal, in milliseconds. */
const RETRY_AFTER = 2000;

export type StreamPhase = "opening" | "live" | "reopening" | "silent" | "failed";

/**
 * The window's stream: a snapshot, then every change after it, each exactly once.
 *
 * Batches that come before the snapshot wait for it. Where a number is missing, the stream is opened again: what is
 * shown stays until the new snapshot replaces it.
 */
export class Stream {
  phase: StreamPhase = $state("opening");
  error: ErrorReport | null = $state.raw(null);
  #backend: Backend;
  #sink: Sink;
  #attempt = 0;
  #stream = -1;
  #number = 0;
  #seq = 0;
  #early: Batch[] = [];
  #waiting: (JobEvent | Part)[] = [];
  #next = 0;
  #scheduled = false;
  #wasLive = false;

  constructor(backend: Backend, sink: Sink) {
    this.#backend = backend;
    this.#sink = sink;
  }

  /** Opens it, or opens it again. */
  async open(): Promise<void> {
    const attempt = ++this.#attempt;
    this.phase = this.#wasLive ? "reopening" : "opening";
    this.#stream = -1;
    this.#early = [];
    const impatience = setTimeout(() => this.#showSilence(attempt), PATIENCE);
    try {
      const opening = await this.#backend.open((batch) => this.#deliver(attempt, batch));
      if (attempt === this.#attempt) this.#begin(attempt, opening);
    } catch (error) {
      if (attempt === this.#attempt) this.#fail(attempt, error);
    } finally {
      clearTimeout(impatience);
    }
  }

  /** How many changes arrived and are not applied yet. */
  get backlog(): number {
    return this.#waiting.length - this.#next;
  }

  #begin(attempt: number, opening: Opening): void {
    this.#waiting = [];
    this.#next = 0;
    this.#stream = opening.stream;
    this.#number = 0;
    this.#seq = opening.jobs.seq;
    this.error = null;
    this.#sink.begin(opening);
    this.phase = "live";
    this.#wasLive = true;
    const early = this.#early;
    this.#early = [];
    for (const batch of early) this.#deliver(attempt, batch);
  }

  #fail(attempt: number, error: unknown): void {
    this.error = asReport(error);
    this.phase = "failed";
    setTimeout(() => {
      if (attempt === this.#attempt) void this.open();
    }, RETRY_AFTER);
  }

  #showSilence(attempt: number): void {
    if (attempt === this.#attempt && this.phase !== "live") this.phase = "silent";
  }

  #deliver(attempt: number, batch: Batch): void {
    if (attempt !== this.#attempt) return;
    if (this.#stream < 0) {
      this.#early.push(batch);
      return;
    }
    const isOld = batch.stream !== this.#stream || batch.number <= this.#number;
    if (isOld) return;
    if (batch.number !== this.#number + 1 || !this.#follows(batch.jobs)) {
      void this.open();
      return;
    }
    this.#number = batch.number;
    this.#seq = batch.jobs.at(-1)?.seq ?? this.#seq;
    for (const event of batch.jobs) this.#waiting.push(event);
    for (const part of batch.parts) this.#waiting.push(part);
    if (!this.#scheduled) this.#applySlice();
  }

  /** Whether the events continue where the last batch ended, without a gap between them. */
  #follows(events: JobEvent[]): boolean {
    return events.every((event, index) => event.seq === this.#seq + 1 + index);
  }

  /** Applies what waits, and after a while lets the window draw before it goes on. */
  #applySlice(): void {
    this.#scheduled = false;
    const end = performance.now() + SLICE;
    let untilLook = STRIDE;
    while (this.#next < this.#waiting.length) {
      this.#apply(this.#waiting[this.#next++]);
      if (--untilLook > 0) continue;
      untilLook = STRIDE;
      if (performance.now() > end) break;
    }
    if (this.#next < this.#waiting.length) {
      this.#scheduled = true;
      // A timer and no animation frame: a hidden window has no frames, and must not fall behind.
      setTimeout(() => this.#applySlice());
    } else {
      this.#waiting = [];
      this.#next = 0;
    }
  }

  #apply(change: JobEvent | Part | undefined): void {
    if (!change) return;
    if ("part" in change) this.#sink.part(change);
    else this.#sink.event(change);
  }
}
