/** What happens to jobs, and when: written down beforehand, so that a world stands still until its time is moved. */

import { Jobs } from "../../state/jobs.svelte";
import type { Change } from "../generated/Change";
import type { ErrorReport } from "../generated/ErrorReport";
import type { JobState } from "../generated/JobState";
import type { Outcome } from "../generated/Outcome";

export interface Moment {
  at: number;
  job: string;
  change: Change;
}

export interface ImportScript {
  /** When it is asked for, in milliseconds since 1970. */
  at: number;
  file: string;
  reference: string;
  facts: string;
  kind?: string;
  version?: string;
  /** Bytes of the file; null where the server does not tell. */
  length: number | null;
  size: number;
  /** How long it waits for its turn, in milliseconds. */
  waits?: number;
  /** Bytes a second. */
  rate?: number;
  /** After so many bytes nothing moves any more. */
  stallsAt?: number;
  /** After so many bytes it fails. */
  failsAt?: number;
  error?: ErrorReport;
  lines?: string[];
  warnings?: string[];
  untagged?: string;
  alreadyThere?: boolean;
  engine?: string;
}

const MIB = 2 ** 20;

/** Ids sort by time, like the real ones. */
export function jobId(at: number, number = 0): string {
  return at.toString(16).padStart(12, "0") + number.toString(16).padStart(8, "0");
}

/** All that happens to one import. */
export function importMoments(script: ImportScript, number = 0): Moment[] {
  const job = jobId(script.at, number);
  const engine = script.engine ?? "Docker 28.5";
  const moments: Moment[] = [];
  let now = script.at;
  const then = (wait: number, change: Change): void => {
    now += wait;
    moments.push({ at: now, job, change });
  };
  then(0, { type: "queued", kind: "import", title: `Import ${script.file} into ${engine}` });
  then(script.waits ?? 2, { type: "started" });
  ["Inspect", "Send", "Engine commit", "Verify"].forEach((name, index) =>
    then(0, { type: "step_added", step: index + 1, parent: null, name }),
  );
  then(0, { type: "step_started", step: 1 });
  then(140, { type: "log", step: 1, line: script.facts });
  then(0, { type: "subject", subject: script.reference });
  for (const line of script.lines ?? []) then(3, { type: "log", step: 1, line });
  then(60, { type: "step_finished", step: 1, outcome: { type: "succeeded" } });
  if (script.alreadyThere) {
    const why = "the engine has this file's image already";
    for (const step of [2, 3, 4]) then(0, { type: "step_finished", step, outcome: { type: "skipped", why } });
    then(1, { type: "finished", outcome: succeeded(script, engine) });
    return moments;
  }
  then(5, { type: "step_started", step: 2 });
  if (!send(script, then)) return moments;
  then(20, { type: "step_started", step: 3 });
  for (let second = 1; second <= 6; second += 1) {
    then(1000, { type: "progress", step: 3, progress: { done: second, total: null, unit: "seconds", rate: null } });
  }
  then(400, { type: "step_finished", step: 3, outcome: { type: "succeeded" } });
  then(5, { type: "step_started", step: 4 });
  then(320, { type: "log", step: 4, line: `the engine has it as ${script.reference}` });
  then(20, { type: "step_finished", step: 4, outcome: { type: "succeeded" } });
  then(1, { type: "finished", outcome: succeeded(script, engine) });
  return moments;
}

/** What has become of jobs at a time. */
export function statesAt(now: number, moments: Moment[]): JobState[] {
  const jobs = new Jobs();
  const past = moments.filter((moment) => moment.at <= now);
  past.forEach(({ at, job, change }, index) => jobs.apply({ job, seq: index + 1, at, change }));
  return jobs.all.map((job) => job.toState());
}

/** Sends the file; false if it did not arrive. */
function send(script: ImportScript, then: (wait: number, change: Change) => void): boolean {
  const rate = script.rate ?? 31 * MIB;
  const end = script.failsAt ?? script.stallsAt ?? script.length ?? 400 * MIB;
  for (let done = 0, tick = 0; done < end; tick += 1) {
    done = Math.min(end, done + Math.floor(rate / 5));
    then(200, {
      type: "progress",
      step: 2,
      progress: { done, total: script.length, unit: "bytes", rate: tick < 2 ? null : rate },
    });
  }
  if (script.stallsAt !== undefined) {
    then(30_000, { type: "stalled", step: 2, waiting_for: "Docker 28.5 to take more data" });
    return false;
  }
  if (script.error) {
    then(40, { type: "step_finished", step: 2, outcome: { type: "failed", message: script.error.message } });
    for (const step of [3, 4]) {
      then(0, { type: "step_finished", step, outcome: { type: "skipped", why: "the job failed before" } });
    }
    then(1, { type: "finished", outcome: { type: "failed", error: script.error } });
    return false;
  }
  then(20, { type: "step_finished", step: 2, outcome: { type: "succeeded" } });
  return true;
}

function succeeded(script: ImportScript, engine: string): Outcome {
  return {
    type: "succeeded",
    result: {
      references: [script.reference],
      image_id: `sha256:${jobId(script.at).repeat(4).slice(0, 64)}`,
      size: script.size,
      architecture: "amd64",
      kind: script.kind ?? null,
      version: script.version ?? null,
      sha256: "0".repeat(64),
      source: `/home/ada/images/${script.file}`,
      engine,
      engine_id: "engine-1",
      already_there: script.alreadyThere ?? false,
      warnings: script.warnings ?? [],
      untagged: script.untagged ?? null,
    },
  };
}
