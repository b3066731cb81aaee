import type { ErrorReport } from "../generated/ErrorReport";
import type { JobRecord } from "../generated/JobRecord";
import type { JobState } from "../generated/JobState";
import { pullMoments, sizes } from "./pulls";
import { importMoments, jobId, statesAt, type ImportScript, type Moment } from "./timeline";

const MIB = 2 ** 20;

const damaged: ErrorReport = {
  code: "archive_damaged",
  message: "cEOS64-lab-4.33.0F.tar.xz is damaged: its xz data cannot be decoded past 180355072 bytes",
  chain: ["the data is corrupt: the check value of block 41 does not match"],
  hints: ["Download the file again, and compare its size and checksum with the vendor's."],
};

export const broken = {
  history: { code: "history_open", message: "the history of jobs cannot be read", chain: ["database disk image is malformed"], hints: ["New jobs are kept in memory until Labwright ends. Move history.sqlite away and start Labwright again."] },
  settings: { code: "settings_parse", message: "the settings in /home/ada/.config/labwright/settings.toml are not valid", chain: ["TOML parse error at line 3, column 1: unknown field `thme`"], hints: ["Correct /home/ada/.config/labwright/settings.toml, or move it away and start Labwright again."] },
  kinds: { code: "rules_parse", message: "your own recognition rules are not used", chain: ["kinds.toml, line 12: the pattern has an unclosed group"], hints: ["Correct the file; it is read again at the next start."] },
} satisfies Record<string, ErrorReport>;

const OUTCOMES: ((script: ImportScript) => ImportScript)[] = [
  (script) => script,
  (script) => ({ ...script, failsAt: 172 * MIB, error: damaged }),
  (script) => ({ ...script, alreadyThere: true }),
  (script) => ({ ...script, warnings: ["The image is for arm64 and the engine runs on amd64."], untagged: "sha256:9a1f27c0b3de9a1f27c0b3de" }),
];

/** Past imports, the newest a few minutes old. */
export function pastJobs(now: number, count: number): JobRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const like = OUTCOMES[[0, 1, 0, 2, 3][index % 5] ?? 0]!;
    const version = `4.${33 - (index % 20)}.${index % 3}F`;
    const script = like({
      at: now - 480_000 - index * index * 61_000 - index * 3_000_000,
      file: index === 1 ? "cEOS64-lab-4.33.0F.tar.xz" : `cEOS64-lab-${version}.tar.xz`,
      reference: `ceos:${version}`,
      kind: "arista_ceos",
      version,
      facts: `Arista cEOS · ${version} · amd64 · root file system · xz`,
      length: 560 * MIB,
      size: 2400 * MIB,
      rate: 62 * MIB,
    });
    return { ...record(importMoments(script, index)), ...ending(index) };
  }).map((made) => ({ job: made.end ? ended(made.job, made.end) : made.job, key: null, request: {}, process: { pid: 1, started: 1, boot: "" } }));
}

/** Past pulls, and what `lw` saved and copied, the newest a minute old. */
export function pastPulls(now: number): JobRecord[] {
  const layers = sizes(12);
  const srlinux = { at: now - 100_000, reference: "ghcr.io/nokia/srlinux:24.10", layers };
  const moments = [
    ...pullMoments({ ...srlinux, at: now - 61_000, layers: layers.slice(0, 4), there: 4 }, 1),
    ...pullMoments(srlinux, 2),
    ...pullMoments({ ...srlinux, at: now - 150_000, there: 6 }, 3),
    ...otherMoments(now - 200_000, "save", "Save ceos:1 to ceos.tar.gz", { file: "/home/ada/ceos.tar.gz", bytes: 12 }),
    ...otherMoments(now - 210_000, "copy", "Copy ceos:1 from Docker 28.5 to Podman 5.4", null),
  ];
  return statesAt(Infinity, moments).map((job) => ({ job, key: null, request: {}, process: { pid: 1, started: 1, boot: "" } }));
}

/** A job of which the window knows nothing but its title. */
function otherMoments(at: number, kind: string, title: string, result: unknown): Moment[] {
  const job = jobId(at);
  return [
    { at, job, change: { type: "queued", kind, title } },
    { at: at + 2, job, change: { type: "started" } },
    { at: at + 3, job, change: { type: "step_added", step: 1, parent: null, name: "Send" } },
    { at: at + 3, job, change: { type: "step_started", step: 1 } },
    { at: at + 3020, job, change: { type: "step_finished", step: 1, outcome: { type: "succeeded" } } },
    { at: at + 3021, job, change: { type: "finished", outcome: { type: "succeeded", result } } },
  ];
}

type End = "cancelled" | "lost" | "interrupted";

function ending(index: number): { end: End | null } {
  const ends: Record<number, End> = { 4: "cancelled", 7: "interrupted", 9: "lost" };
  return { end: ends[index] ?? null };
}

function record(moments: Moment[]): { job: JobState } {
  const [job] = statesAt(Infinity, moments);
  if (!job) throw new Error("a job begins with `queued`");
  return { job };
}

/** The same job, stopped while it sent. */
function ended(job: JobState, end: End): JobState {
  const at = (job.started_at ?? 0) + 3100;
  const sent = { done: 186 * MIB, total: 560 * MIB, unit: "bytes" as const, rate: null };
  const error: ErrorReport = {
    code: "interrupted",
    message: "the program ended while this job was running",
    chain: ["the process 4182 does not run any more"],
    hints: ["Retry the job; it starts again from the beginning."],
  };
  const steps = job.steps.map((step) => {
    if (step.id === 1) return step;
    const open = end === "cancelled" ? ({ type: "cancelled" } as const) : ({ type: "failed", message: end === "lost" ? "the host lab-7 does not answer" : error.message } as const);
    if (step.id === 2) return { ...step, finished_at: at, progress: sent, outcome: open };
    const outcome = end === "cancelled" ? open : ({ type: "skipped", why: end === "lost" ? "the job was lost before" : "the job failed before" } as const);
    return { ...step, started_at: null, progress: null, finished_at: at, outcome };
  });
  const outcome = {
    cancelled: { type: "cancelled", by: "user" },
    interrupted: { type: "failed", error },
    lost: { type: "lost", why: "the host lab-7 does not answer" },
  } as const;
  return { ...job, steps, finished_at: at, outcome: outcome[end] };
}
