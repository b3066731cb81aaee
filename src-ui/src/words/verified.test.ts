import { expect, test } from "vitest";
import { ending } from "./ending";
import { findingCount, needsRepair, repairs, verdictOn, verifyResult, worstFirst, worthSaying, type Finding, type HeadState, type VerifiedNode, type VerifyResult } from "./verified";

const finding = (state: Finding["state"], requirement = "numpy<2", found: string | null = "2.1.0"): Finding => ({ requirement, state, found });
const node = (name: string, state: HeadState, ...findings: Finding[]): VerifiedNode => ({ name, head: { state, found: "09bd1e2" }, findings });
const result = (nodes: VerifiedNode[], change: Partial<VerifyResult> = {}): VerifyResult => ({ nodes, conflicts: [], summary: { satisfied: 9, mismatch: 0, missing: 0, unparseable: 0, unknown: 0 }, plan: null, ...change });
const job = (kind: string, outcome: object | null) => ({ kind, started_at: 0, finished_at: 5000, outcome: outcome as { type: "succeeded"; result: unknown } | null });

test("only a verification that succeeded has a result, and only a whole one", () => {
  const found = { nodes: [], conflicts: [], summary: result([]).summary };
  expect(verifyResult(job("verify", { type: "succeeded", result: found }))).toMatchObject({ nodes: [], plan: null });
  for (const odd of [job("install", { type: "succeeded", result: found }), job("verify", null), job("verify", { type: "succeeded", result: null }), job("verify", { type: "succeeded", result: { nodes: [] } }), job("verify", { type: "lost", why: "x" })]) {
    expect(verifyResult(odd)).toBeNull();
  }
});

test.each<[VerifyResult, string, string]>([
  [result([]), "ok", "as wanted"],
  [result([], { summary: { satisfied: 1, mismatch: 3, missing: 0, unparseable: 0, unknown: 0 } }), "warn", "3 mismatches"],
  [result([], { summary: { satisfied: 1, mismatch: 1, missing: 2, unparseable: 4, unknown: 0 } }), "warn", "1 mismatch, 2 missing"],
  [result([node("a", "other")]), "warn", "1 node not as pinned"],
  [result([], { conflicts: [{ nodes: [], text: "x" }] }), "warn", "1 conflict"],
  [result([], { summary: { satisfied: 0, mismatch: 0, missing: 0, unparseable: 1, unknown: 2 } }), "plain", "3 unknown"],
])("%# a verification in a word or two", (found, look, words) => {
  expect(verdictOn(found)).toEqual({ look, words });
});

test("no evidence is neither good nor bad, and nothing to repair", () => {
  expect(needsRepair(node("a", "unknown", finding("unknown"), finding("unparseable"), finding("not_needed")))).toBe(false);
  expect([node("a", "as_pinned", finding("mismatch")), node("a", "as_pinned", finding("missing")), node("a", "other"), node("a", "missing")].map(needsRepair)).toEqual([true, true, true, true]);
  expect(needsRepair({ name: "packages", head: null, findings: [finding("satisfied")] })).toBe(false);
});

test("what is to be repaired stands first, then what is unclear, each in the plan's order", () => {
  const nodes = [node("fine", "as_pinned"), node("unclear", "unknown"), node("odd", "other"), node("fine too", "not_pinned"), node("odd too", "as_pinned", finding("missing"))];
  expect(worstFirst(nodes).map(({ name }) => name)).toEqual(["odd", "odd too", "unclear", "fine", "fine too"]);
  expect(worthSaying([finding("satisfied"), finding("unknown"), finding("missing"), finding("not_needed"), finding("mismatch")]).map(({ state }) => state)).toEqual(["mismatch", "missing", "unknown"]);
});

test("a repair says what it would do, and nothing of what is as wanted", () => {
  expect(repairs(node("a", "other", finding("mismatch"), finding("missing", "einops", null), finding("satisfied")))).toEqual(["fetch the pinned commit in place of 09bd1e2, unless files were changed there", "pip installs numpy<2 in place of 2.1.0", "pip installs einops"]);
  expect(repairs(node("a", "as_pinned", finding("satisfied")))).toEqual([]);
});

test("findings are counted in words, also at the end of the job", () => {
  expect([findingCount("mismatch", 1), findingCount("mismatch", 3), findingCount("missing", 1), findingCount("unparseable", 2)]).toEqual(["1 mismatch", "3 mismatches", "1 missing", "2 not understood"]);
  expect(ending(job("verify", { type: "succeeded", result: result([node("a", "other")]) }))).toBe("1 node not as pinned, found in 5.0 s");
});
