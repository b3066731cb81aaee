/** How a job ended, in the same words as `lw`. */

import type { CancelReason } from "../backend/generated/CancelReason";
import type { Outcome } from "../backend/generated/Outcome";
import { bytes, duration, joined } from "./units";

/** What an import achieved, as far as the window says it. */
export interface ImportResult {
  references: string[];
  image_id: string;
  size: number;
  architecture: string;
  kind: string | null;
  version: string | null;
  engine: string;
  already_there: boolean;
  warnings: string[];
  untagged: string | null;
}

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

export function cancelledBy(reason: CancelReason): string {
  return CANCELLED_BY[reason];
}

/** The result of an import that succeeded; null for anything else. */
export function importResult(job: EndedJob): ImportResult | null {
  if (job.kind !== "import" || job.outcome?.type !== "succeeded") return null;
  const result = job.outcome.result;
  const fits = typeof result === "object" && result !== null && "references" in result && "image_id" in result;
  return fits ? (result as ImportResult) : null;
}

/** `ceos:4.35.1F is in docker`. */
export function whereItIs(result: ImportResult): string {
  const several = result.references.length > 1;
  const verb = result.already_there ? (several ? "were already in" : "was already in") : several ? "are in" : "is in";
  return `${namesOf(result)} ${verb} ${result.engine}`;
}

/** The names that an import gave, or the id of an image without one. */
export function namesOf(result: ImportResult): string {
  return result.references.join(", ") || shortId(result.image_id);
}

/** `Arista cEOS 4.35.1F, amd64, 2.46 GiB, 24 s`; without a title the kind is told by its name. */
export function factsOf(job: EndedJob, result: ImportResult, title: string | null = result.kind): string {
  const what = [title, result.version].filter(Boolean).join(" ");
  const facts = [what, result.architecture, bytes(result.size), took(job)];
  return facts.filter(Boolean).join(", ");
}

/** What the user should know though it worked. */
export function remarksOn(result: ImportResult): string[] {
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
      const result = importResult(job);
      if (result?.already_there) return joined([namesOf(result), "was already there"]);
      return result ? `${namesOf(result)} · ${bytes(result.size)} in ${took(job)}` : `done in ${took(job)}`;
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
