/** What a verification found, read from the result of its job, in words. */

import type { PlanWish } from "../backend/generated/PlanWish";
import type { Look } from "../shared/look";
import { count } from "./units";

export type HeadState = "as_pinned" | "not_pinned" | "other" | "missing" | "unknown";
export type FindingState = "satisfied" | "mismatch" | "missing" | "unparseable" | "unknown" | "not_needed";

export interface Finding {
  requirement: string;
  state: FindingState;
  /** The version that is installed; none where none is. */
  found: string | null;
}

export interface VerifiedNode {
  name: string;
  /** None of what is no repository. */
  head: { state: HeadState; found: string | null } | null;
  findings: Finding[];
}

export interface VerifySummary {
  satisfied: number;
  mismatch: number;
  missing: number;
  unparseable: number;
  unknown: number;
}

export interface VerifyResult {
  nodes: VerifiedNode[];
  conflicts: { nodes: string[]; text: string }[];
  summary: VerifySummary;
  /** The plan that it was compared with, where the job kept it. */
  plan: PlanWish | null;
}

const HEADS: Record<HeadState, { look: Look; words: string }> = {
  as_pinned: { look: "ok", words: "as pinned" },
  not_pinned: { look: "plain", words: "not pinned" },
  other: { look: "warn", words: "other commit" },
  missing: { look: "bad", words: "missing" },
  unknown: { look: "plain", words: "unknown" },
};

const FINDINGS: Record<FindingState, { look: Look; words: string }> = {
  satisfied: { look: "ok", words: "satisfied" },
  mismatch: { look: "warn", words: "mismatch" },
  missing: { look: "bad", words: "missing" },
  unparseable: { look: "plain", words: "not understood" },
  unknown: { look: "plain", words: "unknown" },
  not_needed: { look: "plain", words: "not needed here" },
};

/** The worst first. */
const ORDER: FindingState[] = ["mismatch", "missing", "unparseable", "unknown", "satisfied", "not_needed"];

export function headFace(state: HeadState): { look: Look; words: string } {
  return HEADS[state] ?? HEADS.unknown;
}

export function findingFace(state: FindingState): { look: Look; words: string } {
  return FINDINGS[state] ?? FINDINGS.unknown;
}

/** Findings, counted: `3 mismatches`, `1 missing`. */
export function findingCount(state: FindingState, many: number): string {
  return state === "mismatch" ? count(many, "mismatch", "mismatches") : `${many.toLocaleString("en")} ${findingFace(state).words}`;
}

/** The result of a job that verified; null of any other. */
export function verifyResult(job: { readonly kind: string; readonly outcome: { type: string } | null }): VerifyResult | null {
  const { outcome } = job;
  if (job.kind !== "verify" || outcome?.type !== "succeeded" || !("result" in outcome)) return null;
  const { result } = outcome;
  if (typeof result !== "object" || result === null) return null;
  if (!("nodes" in result && "conflicts" in result && "summary" in result)) return null;
  return { plan: null, ...result } as VerifyResult;
}

/** Whether an install would change something of the node: it is not as pinned, or something of it is wrong or missing. */
export function needsRepair(node: VerifiedNode): boolean {
  const isHeadOdd = node.head?.state === "other" || node.head?.state === "missing";
  return isHeadOdd || node.findings.some(({ state }) => state === "mismatch" || state === "missing");
}

/** Those with something to repair first, then those of which not all is clear, each in the plan's order. */
export function worstFirst(nodes: readonly VerifiedNode[]): VerifiedNode[] {
  const rank = (node: VerifiedNode): number => (needsRepair(node) ? 0 : isUnclear(node) ? 1 : 2);
  return [...nodes].sort((a, b) => rank(a) - rank(b));
}

/** A node's findings that say something, the worst first. */
export function worthSaying(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ state }) => state !== "satisfied" && state !== "not_needed").sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

/** A verification in a word or two: `3 mismatches`, `as wanted`. */
export function verdictOn(result: VerifyResult): { look: Look; words: string } {
  const { mismatch, missing, unparseable, unknown } = result.summary;
  const odd = result.nodes.filter(({ head }) => head?.state === "other" || head?.state === "missing").length;
  const said: [number, Look, string][] = [
    [mismatch, "warn", count(mismatch, "mismatch", "mismatches")],
    [missing, "warn", `${missing} missing`],
    [odd, "warn", `${count(odd, "node")} not as pinned`],
    [result.conflicts.length, "warn", count(result.conflicts.length, "conflict")],
    [unknown + unparseable, "plain", `${unknown + unparseable} unknown`],
  ];
  const there = said.filter(([number]) => number > 0).slice(0, 2);
  if (there.length === 0) return { look: "ok", words: "as wanted" };
  return { look: there[0]![1], words: there.map(([, , words]) => words).join(", ") };
}

/** What a repair would do with a node, a sentence for each thing. */
export function repairs(node: VerifiedNode): string[] {
  const head: Partial<Record<HeadState, string>> = {
    other: `fetch the pinned commit${node.head?.found ? ` in place of ${node.head.found}` : ""}, unless files were changed there`,
    missing: "install it: nothing stands there",
  };
  const packages = node.findings.flatMap(({ requirement, state, found }) => {
    if (state === "missing") return [`pip installs ${requirement}`];
    return state === "mismatch" ? [`pip installs ${requirement}${found ? ` in place of ${found}` : ""}`] : [];
  });
  return [...(node.head && head[node.head.state] ? [head[node.head.state]!] : []), ...packages];
}

function isUnclear(node: VerifiedNode): boolean {
  return node.head?.state === "unknown" || worthSaying(node.findings).length > 0;
}
