import { expect, test } from "vitest";
import { linkIds } from "../links";
import { fabric, Topology, CEOS } from "../../../backend/fake/topologies";
import { drawnLinks } from "./drawn";
import { along, lineOf, loopOf, nameDistances, neighbour, type Named, type Placed } from "./geometry";

const box = (id: string, x: number, y: number): Placed => ({ id, x, y, width: 120, height: 50 });
const above = box("a", 0, 0);
const below = box("b", 0, 200);

test("a line joins the middles, and leaves each box at its edge", () => {
  expect(lineOf(above, below)).toEqual({ from: { x: 60, y: 25 }, to: { x: 60, y: 225 }, pull: null, out: { x: 60, y: 50 }, into: { x: 60, y: 200 } });
  expect(lineOf(above, box("c", 400, 0)).out).toEqual({ x: 120, y: 25 });
});

test("lines between the same two lie side by side, whichever way round they are written", () => {
  const lab = new Topology("x").node("a", CEOS).node("b", CEOS).link("a:eth1", "b:eth1").link("b:eth2", "a:eth2").link("a:eth3", "b:eth3");
  const lines = drawnLinks(linkIds(lab.links), new Set(["a", "b"]));
  const boxes = new Map([above, below].map((one) => [one.id, one]));
  const middles = lines.map(({ ends: [from, to], lane }) => {
    const { out, into } = lineOf(boxes.get(from)!, boxes.get(to)!, lane);
    return Math.round((out.x + into.x) / 2);
  });
  expect(new Set(middles).size).toBe(3);
  expect(middles).toEqual([76, 60, 44]);
});

test("many lines between two boxes leave and enter them, however they stand to each other", () => {
  for (const other of [box("b", 400, 0), box("b", 0, 200), box("b", 300, 170)]) {
    for (const lane of [-4, 0, 4]) {
      const { from, to } = lineOf(above, other, lane, 9);
      expect(Math.abs(from.y - 25) < 25 && Math.abs(from.x - 60) < 60 && Math.abs(to.y - other.y - 25) < 25).toBe(true);
    }
  }
  const tops = [-4, -3, 3, 4].map((lane) => lineOf(above, box("b", 400, 0), lane, 9).from.y);
  expect(new Set(tops).size).toBe(4);
});

test("links of a node with itself swing one around the other", () => {
  const lab = new Topology("x").node("a", CEOS).link("a:eth1", "a:eth2").link("a:eth3", "a:eth4").link("a:eth5", "a:eth6");
  const loops = drawnLinks(linkIds(lab.links), new Set(["a"])).map(({ lane, lanes }) => loopOf(above, lane, lanes));
  expect(new Set(loops.map(({ path }) => path)).size).toBe(3);
  const [inner, , outer] = loops;
  expect(outer!.middle.x).toBeGreaterThan(inner!.middle.x);
  expect(outer!.begins[0].y).toBeGreaterThan(0);
});

test("a name is so far from its box, and never beyond the middle", () => {
  const line = lineOf(above, below);
  expect([along(line, 0, 20), along(line, 1, 20)]).toEqual([{ x: 60, y: 70 }, { x: 60, y: 180 }]);
  expect(along(line, 0, 500)).toEqual({ x: 60, y: 125 });
});

test("names that would stand on each other move apart, and those without room are left out", () => {
  const boxes = new Map([above, box("b", 10, 200), box("c", 40, 200), box("d", -20, 200)].map((one) => [one.id, one]));
  const line = (id: string): Named => ({ id, ends: ["a", id], lane: 0, lanes: 1, names: ["eth1", "eth1"] });
  const distances = nameDistances(boxes, [line("b"), line("c"), line("d")]);
  expect(distances.get("b")?.[0]).toBe(18);
  expect(distances.get("c")?.[0]).toBeGreaterThan(18);
  const crowded = new Map([["a", above] as const, ...Array.from({ length: 9 }, (_, index) => [`n${index}`, box(`n${index}`, index, 110)] as const)]);
  const many = nameDistances(crowded, [...crowded.keys()].slice(1).map(line));
  expect([...many.values()].some(([near]) => near === null)).toBe(true);
});

test("a name that says nothing takes no room", () => {
  const boxes = new Map([above, below].map((one) => [one.id, one]));
  const lines: Named[] = [{ id: "x", ends: ["a", "b"], lane: 0, lanes: 1, names: ["", "eth1"] }];
  expect(nameDistances(boxes, lines).get("x")).toEqual([null, 18]);
});

test("arrow keys lead to the neighbour in their direction", () => {
  const boxes = [box("middle", 0, 0), box("right", 200, 10), box("far right", 500, 0), box("below", 40, 150), box("aside", 900, 160)];
  const [from] = boxes as [Placed];
  const to = (key: string): string | null => neighbour(boxes, from, key);
  expect([to("ArrowRight"), to("ArrowDown"), to("ArrowLeft"), to("ArrowUp"), to("Enter")]).toEqual(["right", "below", null, null, null]);
});

test("every link of a lab is drawn once", () => {
  const lab = fabric().view();
  expect(drawnLinks(linkIds(lab.links), new Set(lab.nodes.map(({ name }) => name)))).toHaveLength(8);
});
