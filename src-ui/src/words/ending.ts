/** How a job ended, in the same words as `lw`. */

import type { CancelReason } from "../backend/generated/CancelReason";
import type { Outcome } from "../backend/generated/Outcome";
import { bytes, count, duration, joined } from "./units";
import { verdictOn, verifyResult } from "./verified";

/** The image that a job brought into the engine, as far as the window says it. */
interface Brought {
  references: string[];
  image_id: string;
  size: number;
  architecture: string;
  engine: string;
  already_there: boolean;
  warnings: string[];
  untagged: string | null;
}

/** What an import achieved. */
export interface ImportResult extends Brought {
  kind: string | null;
  version: string | null;
}

/** What a pull achieved. */
export interface PullResult extends Brought {
  layers: number;
  /** Bytes that came from the registry. */
  downloaded: number;
}

export type ImageResult = ImportResult | PullResult;

/** What the words need of a job. */
export interface EndedJob {
  readonly kind: string;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly outcome: Outcome | null;
}

const CANCELLED_BY: Record<CancelReason, string> = {
  user: "cancelled by the user",
  interrupt: "interrupted from the terminal",
  shutdown: "stopped because the program ends",
  handle_dropped: "stopped because nobody waited for it any more",
};

/** What tells a result that the words can read. */
const NEEDED: Record<string, string[]> = {
  import: ["references", "image_id"],
  pull: ["references", "image_id", "layers", "downloaded"],
};

export function cancelledBy(reason: CancelReason): string {
  return CANCELLED_BY[reason];
}

/** The result of an import or a pull that succeeded; null for anything else. */
export function imageResult(job: EndedJob): ImageResult | null {
  if (job.outcome?.type !== "succeeded") return null;
  const wanted = NEEDED[job.kind];
  const result = job.outcome.result;
  if (!wanted || typeof result !== "object" || result === null) return null;
  return wanted.every((name) => name in result) ? (result as ImageResult) : null;
}

/** The kind that an import recognised; null for what was pulled. */
export function kindOf(result: ImageResult): string | null {
  return isPull(result) ? null : result.kind;
}

/** `ceos:4.35.1F is in docker`. */
export function whereItIs(result: ImageResult): string {
  const several = result.references.length > 1;
  const verb = result.already_there ? (several ? "were already in" : "was already in") : several ? "are in" : "is in";
  const checked = isPull(result) && result.already_there ? ", and is what the registry has" : "";
  return `${namesOf(result)} ${verb} ${result.engine}${checked}`;
}

/** The names that the image has now, or the id of an image without one. */
export function namesOf(result: ImageResult): string {
  return result.references.join(", ") || shortId(result.image_id);
}

/** `Arista cEOS 4.35.1F, amd64, 2.46 GiB, 24 s`; without a title the kind is told by its name. */
export function factsOf(job: EndedJob, result: ImageResult, title: string | null = kindOf(result)): string {
  const { before, after } = ownFacts(result, title);
  const facts = [...before, result.architecture, bytes(result.size), ...after, took(job)];
  return facts.filter(Boolean).join(", ");
}

/** What the user should know though it worked. */
export function remarksOn(result: ImageResult): string[] {
  if (!result.untagged) return result.warnings;
  const kept = `The image that had this name before, ${shortId(result.untagged)}, is kept without it.`;
  return [...result.warnings, kept];
}

/** One phrase for a list: what came of it. */
export function ending(job: EndedJob): string {
  const outcome = job.outcome;
  switch (outcome?.type) {
    case undefined:
      return "";
    case "succeeded": {
      const result = imageResult(job);
      const found = verifyResult(job);
      if (found) return `${verdictOn(found).words}, found in ${took(job)}`;
      if (!result) return `done in ${took(job)}`;
      return isPull(result) ? pulled(job, result) : imported(job, result);
    }
    case "failed":
      return outcome.error.code === "interrupted" ? `interrupted: ${outcome.error.message}` : outcome.error.message;
    case "cancelled":
      return cancelledBy(outcome.by);
    case "lost":
      return `lost: ${outcome.why}`;
  }
}

/** The word for the outcome. A job whose program ended is told from one that went wrong. */
export function verdict(outcome: Outcome): string {
  return outcome.type === "failed" && outcome.error.code === "interrupted" ? "interrupted" : outcome.type;
}

/** How long the work took, without the wait before it. */
export function took(job: EndedJob): string {
  if (job.started_at === null || job.finished_at === null) return "";
  return duration(job.finished_at - job.started_at);
}

/** The first digits of an image's id, as engines show it. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}

function isPull(result: ImageResult): result is PullResult {
  return "downloaded" in result;
}

/** What only an import or only a pull has to say, before and after what both do. */
function ownFacts(result: ImageResult, title: string | null): { before: string[]; after: string[] } {
  if (!isPull(result)) return { before: [[title, result.version].filter(Boolean).join(" ")], after: [] };
  const downloaded = result.downloaded > 0 ? [`${bytes(result.downloaded)} downloaded`] : [];
  return { before: [], after: [count(result.layers, "layer"), ...downloaded] };
}

function imported(job: EndedJob, result: ImportResult): string {
  if (result.already_there) return joined([namesOf(result), "was already there"]);
  return `${namesOf(result)} · ${bytes(result.size)} in ${took(job)}`;
}

/** The title says the name already. */
function pulled(job: EndedJob, result: PullResult): string {
  if (result.already_there) return "was already there";
  const downloaded = result.downloaded > 0 && `${bytes(result.downloaded)} downloaded`;
  return `${joined([bytes(result.size), downloaded])} in ${took(job)}`;
}
