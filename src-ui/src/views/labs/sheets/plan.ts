/** A plan as people read it: what is new, what restarts and why, what goes. */

import type { LabPlan } from "../../../backend/generated/LabPlan";
import type { LabView } from "../../../backend/generated/LabView";
import { oddLinks } from "../../../words/labs";
import { count } from "../../../words/units";

/** A line of a group: what it is about, and why. */
export interface PlanLine {
  object: string;
  why: string;
}

export interface PlanGroup {
  id: "bring" | "anew" | "gone" | "new" | "start" | "run" | "around";
  title: string;
  lines: PlanLine[];
}

const TITLES: Record<PlanGroup["id"], string> = {
  bring: "Images that are brought first",
  anew: "Restarted, in a new container",
  gone: "Removed",
  new: "New",
  start: "Started",
  run: "Given their commands",
  around: "Around them",
};

/** The steps of a plan, grouped; groups without a step are left out. */
export function groupsOf({ steps }: LabPlan): PlanGroup[] {
  const of = (...kinds: string[]): LabPlan["steps"] => steps.filter(({ kind }) => kinds.includes(kind));
  const created = new Map(of("create_node").map((step) => [step.object, step]));
  const removed = of("remove_node");
  const line = ({ object, why }: PlanLine): PlanLine => ({ object, why });
  const lines: Record<PlanGroup["id"], PlanLine[]> = {
    bring: of("pull", "import").map(({ kind, object }) => ({ object, why: kind === "pull" ? "pulled" : "imported" })),
    anew: removed.filter(({ object }) => created.has(object)).map(line),
    gone: removed.filter(({ object }) => !created.has(object)).map(line),
    new: [...created.values()].filter(({ object }) => !removed.some((step) => step.object === object)).map(({ object }) => ({ object, why: "" })),
    start: of("start_node").filter(({ object }) => !created.has(object)).map(line),
    run: of("run_commands").map(line),
    around: steps.filter(({ kind }) => AROUND.has(kind)).map(({ words }) => ({ object: "", why: words })),
  };
  return (Object.keys(TITLES) as PlanGroup["id"][]).filter((id) => lines[id].length > 0).map((id) => ({ id, title: TITLES[id], lines: lines[id] }));
}

/** What is said of a plan that touches no node; null of one that does. `lab` is what stands now. */
export function untouched({ steps, kept, obstacles }: LabPlan, lab: LabView): { isSame: boolean; words: string } | null {
  if (obstacles.length > 0 || steps.some(({ kind }) => kind !== "wire")) return null;
  const odd = oddLinks(lab.links);
  const isSame = odd === "" && lab.known && lab.error === null;
  if (isSame) return { isSame, words: `${lab.name} is already as its file says: ${count(kept.length, "node")} untouched, ${count(lab.links.length, "link")} up. Applying it wires the same links again, and nothing else.` };
  return { isSame, words: `No node is touched. The links are wired as the file says${odd ? `; now ${odd}` : ""}.` };
}

const AROUND = new Set(["create_network", "create_patchbay", "replace_patchbay", "create_volume", "wire"]);
