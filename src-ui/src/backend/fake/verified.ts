/** What a verification finds. */

import type { FindingState, VerifiedNode, VerifyResult } from "../../words/verified";
import type { PlanWish } from "../generated/PlanWish";
import { commitOf } from "./plans";

const PACKAGES = ["numpy", "opencv-python-headless", "torch", "pillow", "scipy", "transformers", "huggingface_hub", "einops", "safetensors"];

const fine = (requirement: string): VerifiedNode["findings"][0] => ({ requirement, state: "satisfied", found: "2.1.0" });

/** As it was found: all as wanted. */
export function foundIn(names: string[], plan: PlanWish | null = null): VerifyResult {
  const nodes = names.map((name, index): VerifiedNode => ({ name, head: { state: index % 3 === 1 ? "not_pinned" : "as_pinned", found: commitOf(index).slice(0, 7) }, findings: PACKAGES.slice(0, (index * 5) % 9).map(fine) }));
  return withSummary({ nodes, conflicts: [], plan });
}

/** The same, with something of each kind that can be wrong. */
export function foundOdd(names: string[], plan: PlanWish | null): VerifyResult {
  const result = foundIn(names, plan);
  const change = (index: number, odd: Partial<VerifiedNode>): void => void (result.nodes[index] = { ...result.nodes[index]!, ...odd });
  change(6, { head: { state: "other", found: "09bd1e2" } });
  change(13, { head: { state: "missing", found: null }, findings: [] });
  change(15, { findings: [...PACKAGES.slice(0, 4).map(fine), { requirement: "numba==0.56.4", state: "mismatch", found: "0.59.1" }, { requirement: "fairscale>=0.4.9", state: "missing", found: null }, { requirement: "opencv-python-headless[ffmpeg]<=4.7.0.72", state: "mismatch", found: "4.10.0.84" }] });
  change(19, { findings: [fine("torch"), { requirement: "git+https://github.com/openai/CLIP.git@main#egg=clip", state: "unparseable", found: null }] });
  change(33, { head: { state: "unknown", found: null }, findings: [{ requirement: "a-package-with-a-name-that-is-much-longer-than-any-column-would-like-it-to-be>=1.0.0,<2", state: "mismatch", found: "0.9.0" }, { requirement: "insightface", state: "unknown", found: null }] });
  const conflicts = [{ nodes: ["was-node-suite-comfyui", "ComfyUI_IPAdapter_plus"], text: "numba 0.59.1 has requirement numpy<1.27,>=1.22, but you have numpy 2.1.0." }];
  return withSummary({ ...result, conflicts });
}

function withSummary(result: Omit<VerifyResult, "summary">): VerifyResult {
  const states = result.nodes.flatMap(({ findings }) => findings.map(({ state }) => state));
  const many = (state: FindingState): number => states.filter((one) => one === state).length;
  return { ...result, summary: { satisfied: many("satisfied"), mismatch: many("mismatch"), missing: many("missing"), unparseable: many("unparseable"), unknown: many("unknown") } };
}
