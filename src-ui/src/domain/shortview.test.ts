import { describe, expect, test } from "vitest";
import type { StepOutcome } from "../backend/generated/StepOutcome";
import type { StepState } from "../backend/generated/StepState";
import { nodesOf, shortView, tallyOf, WINDOW, type ShortRow } from "./shortview";

type State = "pending" | "running" | "waiting" | "succeeded" | "failed" | "skipped" | "cancelled";

const OUTCOMES: Record<string, StepOutcome> = {
  succeeded: { type: "succeeded" },
  failed: { type: "failed", message: "repository not found" },
  skipped: { type: "skipped", why: "already installed" },
  cancelled: { type: "cancelled" },
};

function step(id: number, parent: number | null, name: string, state: State, finished_at = id): StepState {
  const outcome = OUTCOMES[state] ?? null;
  const status = outcome ? "finished" : state === "pending" ? "pending" : "running";
  return { id, parent, name, status, started_at: status === "pending" ? null : 1, finished_at: outcome ? finished_at : null, progress: null, waiting: null, stalled: null, outcome };
}

/** A job with nodes in these states, called `n0`, `n1`, …; where a letter follows, the node has requirements. */
function job(nodes: State[], connect: State = "succeeded", withRequirements: ReadonlySet<number> = new Set(), ends: number[] = []): StepState[] {
  const top = [step(1, null, "Connect", connect), step(2, null, "Prepare", "succeeded"), step(3, null, "Nodes", "running"), step(4, null, "Verify dependencies", "pending")];
  const own = nodes.map((state, index) => step(10 + index, 3, `n${index}`, state === "waiting" ? "running" : state, ends[index] ?? index + 1));
  const parts = nodes.flatMap((state, index) => {
    const phase = state === "running" ? [step(1000 + index, 10 + index, "Receiving objects", "running")] : [];
    return withRequirements.has(index) ? [...phase, step(2000 + index, 10 + index, "Requirements", state === "pending" ? "pending" : "running")] : phase;
  });
  return [...top, ...own, ...parts];
}

function words(rows: ShortRow<StepState>[]): string[] {
  return rows.map((row) => {
    if (row.type === "others") return `${row.tally.total} others ${row.side} (${row.tally.done}/${row.tally.total})`;
    if (row.type === "node") return row.phase ? `${row.node.name}: ${row.phase.name}` : row.node.name;
    return row.type === "requirements" ? "- Requirements" : row.step.name;
  });
}

const many = (state: State, count: number): State[] => Array.from({ length: count }, () => state);

describe("the short view", () => {
  test("of the picture has twelve others above, four nodes, and the rest below", () => {
    const steps = job([...many("succeeded", 12), "succeeded", "failed", "running", "waiting", ...many("pending", 18)], "succeeded", new Set([12, 15]));
    expect(words(shortView(steps))).toEqual([
      "Prepare",
      "12 others above (12/12)",
      "n12",
      "- Requirements",
      "n13",
      "n14: Receiving objects",
      "n15",
      "- Requirements",
      "18 others below (0/18)",
      "Verify dependencies",
    ]);
  });

  test("shows all nodes of a small plan, in its order, and no others", () => {
    expect(words(shortView(job(["succeeded", "running", "pending"])))).toEqual(["Prepare", "n0", "n1: Receiving objects", "n2", "Verify dependencies"]);
  });

  test("begins with the first nodes while none has begun", () => {
    expect(words(shortView(job(many("pending", 40))))).toEqual(["Prepare", "n0", "n1", "n2", "n3", "36 others below (0/36)", "Verify dependencies"]);
  });

  test("prefers what works to what waits for its turn, and running ones to failed ones", () => {
    const steps = job(["failed", "waiting", "waiting", "running", "waiting", "running", "running"]);
    expect(words(shortView(steps)).filter((row) => row.startsWith("n"))).toEqual(["n1", "n3: Receiving objects", "n5: Receiving objects", "n6: Receiving objects"]);
  });

  test("is filled up with failed ones, and then with those that ended last", () => {
    const steps = job([...many("succeeded", 5), "failed", ...many("succeeded", 5), "running"], "succeeded", new Set(), [90, 1, 2, 3, 4, 5, 6, 80, 7, 8, 9]);
    expect(words(shortView(steps)).filter((row) => row.startsWith("n"))).toEqual(["n0", "n5", "n7", "n11: Receiving objects"]);
  });

  test("counts what lies between the nodes that are shown where it belongs: above what has ended, below what is to come", () => {
    const steps = job(["running", "succeeded", "pending", "running", "running", "pending", "running"]);
    expect(words(shortView(steps))).toEqual(["Prepare", "1 others above (1/1)", "n0: Receiving objects", "n3: Receiving objects", "n4: Receiving objects", "n6: Receiving objects", "2 others below (0/2)", "Verify dependencies"]);
  });

  test("shows the connection only while there is none", () => {
    expect(words(shortView(job([], "running")))).toEqual(["Connect", "Prepare", "Verify dependencies"]);
    expect(words(shortView(job([], "failed")))).toEqual(["Connect", "Prepare", "Verify dependencies"]);
    expect(words(shortView(job([])))).toEqual(["Prepare", "Verify dependencies"]);
  });

  test("of a job that has said nothing yet is empty", () => {
    expect(shortView([])).toEqual([]);
  });
});

/** Numbers that look drawn by lot, and are the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    return state % sides;
  };
}

const STATES: State[] = ["pending", "running", "waiting", "succeeded", "failed", "skipped", "cancelled"];

function drawn(seed: number): StepState[] {
  const roll = dice(seed);
  const nodes = Array.from({ length: roll(60) }, () => STATES[roll(STATES.length)] ?? "pending");
  const requirements = new Set(nodes.flatMap((_, index) => (roll(3) === 0 ? [index] : [])));
  return job(nodes, STATES[roll(STATES.length)], requirements, nodes.map(() => roll(1000)));
}

describe("whatever the job's state is, the short view", () => {
  const jobs = Array.from({ length: 400 }, (_, seed) => drawn(seed * 7919 + 1));
  const shownIn = (rows: ShortRow<StepState>[]): StepState[] => rows.flatMap((row) => (row.type === "node" ? [row.node] : []));
  const othersIn = (rows: ShortRow<StepState>[]) => rows.flatMap((row) => (row.type === "others" ? [row.tally] : []));

  test("counts each node exactly once, and how it stands", () => {
    for (const steps of jobs) {
      const rows = shortView(steps);
      const all = tallyOf(nodesOf(steps));
      const sum = [tallyOf(shownIn(rows)), ...othersIn(rows)].reduce((a, b) => ({ total: a.total + b.total, done: a.done + b.done, failed: a.failed + b.failed, running: a.running + b.running }));
      expect(sum).toEqual(all);
    }
  });

  test("shows at most four nodes, and four where there are so many, in the plan's order", () => {
    for (const steps of jobs) {
      const shown = shownIn(shortView(steps)).map(({ id }) => id);
      expect(shown).toHaveLength(Math.min(WINDOW, nodesOf(steps).length));
      expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    }
  });

  test("hides no running node for one that does not run, and no failed one for one that ended well", () => {
    for (const steps of jobs) {
      const shown = shownIn(shortView(steps));
      const rest = nodesOf(steps).filter((node) => !shown.includes(node));
      if (rest.some((node) => node.status === "running")) expect(shown.every((node) => node.status === "running")).toBe(true);
      if (rest.some((node) => node.outcome?.type === "failed")) expect(shown.every((node) => node.status === "running" || node.outcome?.type === "failed")).toBe(true);
    }
  });

  test("has each node's requirements right below it, and verifies last", () => {
    for (const steps of jobs) {
      const rows = shortView(steps);
      rows.forEach((row, index) => {
        const before = rows[index - 1];
        if (row.type === "requirements") expect(before?.type === "node" && before.node.id === row.step.parent).toBe(true);
      });
      const kinds = rows.map((row) => (row.type === "step" ? row.step.name : row.type === "others" ? row.side : "node"));
      expect(kinds.at(-1)).toBe("Verify dependencies");
      expect(kinds.filter((kind) => kind === "Prepare")).toHaveLength(1);
      expect(kinds.indexOf("Prepare")).toBeLessThanOrEqual(1);
      if (kinds.includes("above")) expect(kinds.indexOf("above")).toBe(kinds.indexOf("Prepare") + 1);
      if (kinds.includes("below")) expect(kinds.indexOf("below")).toBe(kinds.length - 2);
    }
  });

  test("changes nothing, and says the same again", () => {
    for (const steps of jobs) {
      const before = structuredClone(steps);
      expect(shortView(steps)).toEqual(shortView(steps));
      expect(steps).toEqual(before);
    }
  });
});
