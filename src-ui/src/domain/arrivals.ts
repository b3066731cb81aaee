/** Jobs that bring an image into the engine: imports of files, and pulls from registries. */

import type { Job } from "../state/job.svelte";
import type { Step } from "../state/step.svelte";
import { layerCount, manifestIn } from "../words/layers";
import { registryOf } from "../words/reference";
import { fraction, phrase } from "../words/steps";
import { subject } from "../words/title";
import { stepTitle } from "./labwork";

/** What is known of an arrival once its first step has looked. */
export interface Facts {
  /** In one line; empty while nothing was said. */
  facts: string;
  /** The line of output that said it, */
  line: string;
  /** and what is worth showing in its place. */
  beside: string;
}

const NO_FACTS: Facts = { facts: "", line: "", beside: "" };

/** Where an arrival comes from, and what its first step says of it. */
const KINDS: Record<string, { source: (job: Job) => string; facts: (job: Job, lines: string[]) => Facts }> = {
  import: { source: nameOf, facts: factsOfFile },
  pull: { source: (job) => registryOf(job.subject ?? nameOf(job)), facts: factsOfManifest },
};

/** Running and waiting arrivals, in the order of their start. */
export function arrivalsOf(jobs: Job[]): Job[] {
  return jobs.filter((job) => Object.hasOwn(KINDS, job.kind));
}

/** The file that an import reads, the reference that a pull fetches. */
export function nameOf(job: Job): string {
  return subject(job.title);
}

/** The file that an import reads, the registry that a pull asks. */
export function sourceOf(job: Job): string {
  return KINDS[job.kind]?.source(job) ?? "";
}

export function factsOf(job: Job): Facts {
  const first = job.steps[0]?.id;
  const lines = job.log.filter((line) => line.step === first).map(({ line }) => line);
  return KINDS[job.kind]?.facts(job, lines) ?? NO_FACTS;
}

/** The step of a pull whose children are the layers; none for what has no layers. It is known before they are. */
export function downloadOf(job: Job): Step | null {
  return job.kind === "pull" ? (job.children(null)[1] ?? null) : null;
}

/** Where a job is, in one phrase for a list: `Send · 371 of 590 MiB · 7 s left`, `7 of 12 layers · 163 of 300 MiB`, `leaf2: agents · 4 s`. */
export function whereabouts(job: Job, now: number): string {
  const step = job.current;
  if (job.isQueued) return "queued";
  if (!step) return "starting";
  const layers = step === downloadOf(job) ? layerCount(step, job.children(step.id)) : "";
  return phrase(step, now, layers || stepTitle(job, step));
}

/** The same where there is room for a word: `63 %` of what comes, and then the name of what is done with it. */
export function standing(job: Job): string {
  const step = job.current;
  if (job.isQueued) return "queued";
  const first = job.children(null).find(({ progress }) => progress !== null);
  const part = step && step === first && !step.outcome ? fraction(step.progress) : null;
  return part === null ? (step?.name ?? "starting") : `${Math.floor(part * 100)} %`;
}

function factsOfFile(job: Job, [line = ""]: string[]): Facts {
  return { facts: line, line, beside: job.subject ? `will be ${job.subject}` : "" };
}

/** Before the manifest stands what could not be asked, such as a login: that is no fact of the image. */
function factsOfManifest(_job: Job, lines: string[]): Facts {
  const line = lines.findLast((said) => manifestIn(said) !== null) ?? "";
  const manifest = manifestIn(line);
  return manifest ? { facts: manifest.facts, line, beside: manifest.digest } : NO_FACTS;
}
