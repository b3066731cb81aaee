import { expect, test } from "vitest";
import { fabric, pods, provider, Topology, CEOS } from "../../../backend/fake/topologies";
import type { LabView } from "../../../backend/generated/LabView";
import { linkIds } from "../links";
import { drawnLinks, graphOf, outsideOf } from "./drawn";
import { arranged, elkGraph, settled, shapeOf, type ElkGraph, type Graph, type Point } from "./layout";

function graph(lab: LabView): Graph {
  const names = new Set(lab.nodes.map(({ name }) => name));
  const links = linkIds(lab.links);
  return graphOf(lab, outsideOf(links, names), drawnLinks(links, names));
}

/** An answer that puts everything into one row for each so many boxes. */
function rows(asked: ElkGraph, perRow: number): ElkGraph {
  return { ...asked, children: asked.children.map((box, index) => ({ ...box, x: (index % perRow) * 200, y: Math.floor(index / perRow) * 150 })) };
}

test("joins lead from the upper node to the lower, by their names, and else as in the file", () => {
  const lab = new Topology("x");
  for (const name of ["leaf1", "spine1", "a", "b", "single"]) lab.node(name, CEOS);
  lab.link("leaf1:eth1", "spine1:eth1").link("b:eth1", "a:eth1").link("b:eth2", "a:eth3").link("single:eth1", "a:eth2");
  const edges = elkGraph(graph(lab.view())).edges.map(({ sources, targets }) => `${sources[0]} ${targets[0]}`);
  expect(edges).toEqual(["spine1 leaf1", "b a", "b a", "a single"]);
});

test("an end outside of the lab is a box of its own", () => {
  const asked = graph(provider().view());
  const outside = asked.boxes.filter(({ id }) => id.startsWith("outside"));
  expect(outside).toHaveLength(1);
  expect(asked.joins.some(([, to]) => to === outside[0]?.id)).toBe(true);
});

test("all nodes of a lab are equally wide, and wide enough for the longest name", () => {
  const lab = fabric().node("a-node-with-a-long-name", CEOS).view();
  const widths = new Set(graph(lab).boxes.map(({ width }) => width));
  expect([...widths]).toEqual([210]);
});

test("another layout is needed when nodes or links change, and not when they only stand otherwise", () => {
  const before = shapeOf(graph(fabric().view()));
  expect(shapeOf(graph(fabric().change("leaf2", { standing: "failed", reason: "it ended" }).view()))).toBe(before);
  expect(shapeOf(graph(fabric().node("leaf4", CEOS).view()))).not.toBe(before);
  expect(shapeOf(graph(fabric().link("leaf2:eth1", "host1:eth2").view()))).not.toBe(before);
});

test("a small lab is laid out whole, and a large one without what holds its parts together", () => {
  expect(elkGraph(graph(fabric().view())).children).toHaveLength(7);
  const asked = graph(pods().view());
  const given = elkGraph(asked);
  const left = asked.boxes.filter(({ id }) => !given.children.some((child) => child.id === id)).map(({ id }) => id);
  expect(left).toEqual(["core1", "core2", "core3", "core4", "core5", "core6", "core7", "core8"]);
  const placed = arranged(asked, rows(given, 12));
  const top = Math.min(...given.children.map(({ id }) => placed.get(id)?.y ?? 0));
  expect(left.every((id) => (placed.get(id)?.y ?? 0) < top)).toBe(true);
});

test("a tier that is far too wide becomes several rows, and nothing overlaps", () => {
  const lab = new Topology("x").node("spine1", CEOS);
  for (let leaf = 1; leaf <= 30; leaf += 1) lab.node(`leaf${leaf}`, CEOS).link(`spine1:eth${leaf}`, `leaf${leaf}:eth1`);
  const asked = graph(lab.view());
  const given = elkGraph(asked);
  const answer = { ...given, children: given.children.map((box, index) => ({ ...box, x: index * 200, y: index === 0 ? 0 : 150 })) };
  const placed = arranged(asked, answer);
  const right = Math.max(...[...placed.values()].map(({ x }) => x));
  expect(right).toBeLessThan(3000);
  expect(overlapping(asked, placed)).toEqual([]);
});

test("nodes that were put somewhere stay, and new ones come beside them", () => {
  const asked = graph(fabric().view());
  const laid = arranged(asked, rows(elkGraph(asked), 3));
  const kept = new Map([...laid].filter(([id]) => id !== "leaf2").map(([id, { x, y }]) => [id, { x: x + 1000, y: y - 300 }]));
  const placed = settled(asked, kept, laid);
  for (const [id, point] of kept) expect(placed.get(id)).toEqual(point);
  const leaf = laid.get("leaf2") as Point;
  expect(placed.get("leaf2")).toEqual({ x: leaf.x + 1000, y: leaf.y - 300 });
});

test("a new node whose place is taken goes below", () => {
  const asked = graph(fabric().view());
  const laid = arranged(asked, rows(elkGraph(asked), 3));
  const kept = new Map([...laid].filter(([id]) => id !== "leaf2"));
  kept.set("leaf1", laid.get("leaf2") as Point);
  expect(overlapping(asked, settled(asked, kept, laid))).toEqual([]);
});

function overlapping(of: Graph, placed: Map<string, Point>): string[] {
  const boxes = of.boxes.map((box) => ({ ...box, ...(placed.get(box.id) ?? { x: 0, y: 0 }) }));
  return boxes.flatMap((a, index) =>
    boxes.slice(index + 1).flatMap((b) => (a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height ? [`${a.id} ${b.id}`] : [])),
  );
}
