/**
 * The short view on a job that works on many nodes of a host: what comes before them, at most four nodes around those that
 * run, and what comes after them. It is a plain function of the job's steps, so that it never tells anything else than the
 * whole list does.
 */

import type { ReadableStep } from "../words/steps";
import { NODES } from "./labwork";

/** How many nodes are shown. */
export const WINDOW = 4;

/** The step that goes without saying once it is over. */
const CONNECT = "Connect";

/** The step of a node that has a row of its own. */
const REQUIREMENTS = "Requirements";

/** Nodes, counted. Skipped and cancelled ones have ended, too. */
export interface Tally {
  total: number;
  /** Those that ended, however. */
  done: number;
  failed: number;
  running: number;
}

export type ShortRow<S> =
  | { type: "step"; step: S }
  | { type: "others"; side: "above" | "below"; tally: Tally }
  | { type: "node"; node: S; phase: S | null }
  | { type: "requirements"; step: S };

/** The steps of a job's nodes, in the plan's order. */
export function nodesOf<S extends ReadableStep>(steps: readonly S[]): S[] {
  const above = steps.find((step) => step.parent === null && step.name === NODES);
  return above ? steps.filter((step) => step.parent === above.id) : [];
}

export function tallyOf(nodes: readonly ReadableStep[]): Tally {
  const many = (is: (node: ReadableStep) => boolean): number => nodes.filter(is).length;
  return {
    total: nodes.length,
    done: many((node) => node.outcome !== null),
    failed: many((node) => node.outcome?.type === "failed"),
    running: many((node) => node.status === "running"),
  };
}

/** What a node does right now, without its requirements; null while it does nothing of that. */
export function phaseOf<S extends ReadableStep>(parts: readonly S[]): S | null {
  return parts.findLast((part) => part.status === "running" && part.name !== REQUIREMENTS) ?? null;
}

/** The rows of the short view, in their order. */
export function shortView<S extends ReadableStep>(steps: readonly S[]): ShortRow<S>[] {
  const top = steps.filter((step) => step.parent === null);
  const at = top.findIndex((step) => step.name === NODES);
  const before = (at < 0 ? top : top.slice(0, at)).filter((step) => step.name !== CONNECT || step.outcome?.type !== "succeeded");
  const after = at < 0 ? [] : top.slice(at + 1);
  const row = (step: S): ShortRow<S> => ({ type: "step", step });
  return [...before.map(row), ...nodeRows(steps), ...after.map(row)];
}

function nodeRows<S extends ReadableStep>(steps: readonly S[]): ShortRow<S>[] {
  const nodes = nodesOf(steps);
  const below = childrenOf(steps);
  const shown = chosen(nodes, below);
  const [above, under] = hidden(nodes, shown);
  return [
    ...others<S>("above", above),
    ...nodes.filter((node) => shown.has(node)).flatMap((node) => rowsOf(node, below.get(node.id) ?? [])),
    ...others<S>("below", under),
  ];
}

function rowsOf<S extends ReadableStep>(node: S, parts: S[]): ShortRow<S>[] {
  const requirements = parts.filter((part) => part.name === REQUIREMENTS);
  return [{ type: "node", node, phase: node.outcome ? null : phaseOf(parts) }, ...requirements.map((step): ShortRow<S> => ({ type: "requirements", step }))];
}

function others<S>(side: "above" | "below", nodes: readonly ReadableStep[]): ShortRow<S>[] {
  return nodes.length ? [{ type: "others", side, tally: tallyOf(nodes) }] : [];
}

/** Those that are shown: running ones before failed ones, then those that ended last, and then the next to come. */
function chosen<S extends ReadableStep>(nodes: readonly S[], below: ReadonlyMap<number, S[]>): ReadonlySet<S> {
  const ranked = nodes.map((node, index) => ({ node, index, rank: rankOf(node, below.get(node.id) ?? []) }));
  ranked.sort((a, b) => a.rank - b.rank || (b.node.finished_at ?? 0) - (a.node.finished_at ?? 0) || a.index - b.index);
  return new Set(ranked.slice(0, WINDOW).map(({ node }) => node));
}

function rankOf(node: ReadableStep, parts: readonly ReadableStep[]): number {
  if (node.outcome) return node.outcome.type === "failed" ? 2 : 3;
  if (node.status === "pending") return 4;
  // One that waits for its turn says less than one that works.
  return parts.some((part) => part.status === "running" && part.waiting === null) ? 0 : 1;
}

/** The others, above and below: of those between the ones that are shown, the ended stand above, because the work has passed them. */
function hidden<S extends ReadableStep>(nodes: readonly S[], shown: ReadonlySet<S>): [above: S[], below: S[]] {
  const first = nodes.findIndex((node) => shown.has(node));
  const last = nodes.findLastIndex((node) => shown.has(node));
  const isAbove = (node: S, index: number): boolean => index < first || (index < last && node.outcome !== null);
  const rest = nodes.map((node, index) => ({ node, index })).filter(({ node }) => !shown.has(node));
  return [rest.filter(({ node, index }) => isAbove(node, index)).map(({ node }) => node), rest.filter(({ node, index }) => !isAbove(node, index)).map(({ node }) => node)];
}

function childrenOf<S extends ReadableStep>(steps: readonly S[]): Map<number, S[]> {
  const below = new Map<number, S[]>();
  for (const step of steps) {
    if (step.parent === null) continue;
    const known = below.get(step.parent);
    if (known) known.push(step);
    else below.set(step.parent, [step]);
  }
  return below;
}
