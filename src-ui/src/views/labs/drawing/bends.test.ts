import { expect, test } from "vitest";
import { bendsOf } from "./bends";
import { along, lineOf, pointOf, type Named, type Placed } from "./geometry";

const box = (id: string, x: number, y: number): Placed => ({ id, x, y, width: 120, height: 50 });
const line = (from: string, to: string): Named => ({ id: `${from}-${to}`, ends: [from, to], lane: 0, lanes: 1, names: ["eth1", "eth1"] });
const boxesOf = (...boxes: Placed[]): Map<string, Placed> => new Map(boxes.map((one) => [one.id, one]));

test("a line passes beside a box that stands between its ends, on the side where less is to go around", () => {
  const boxes = boxesOf(box("a", 0, 0), box("between", -40, 200), box("b", 0, 400));
  const bends = bendsOf(boxes, [line("a", "b"), line("a", "between")]);
  expect([...bends.keys()]).toEqual(["a-b"]);
  const { x } = pointOf(lineOf(boxes.get("a")!, boxes.get("b")!, 0, 1, bends.get("a-b")), 0.5);
  expect(x > 80 + 8 && x < 160).toBe(true);
});

test("a line that has no way around stays straight, and so do those of a large lab", () => {
  const wall = Array.from({ length: 9 }, (_, index) => box(`w${index}`, index * 60 - 300, 200));
  expect(bendsOf(boxesOf(box("a", 0, 0), ...wall, box("b", 0, 400)), [line("a", "b")]).size).toBe(0);
  const many = Array.from({ length: 60 }, (_, index) => box(`n${index}`, 5000, index * 80));
  expect(bendsOf(boxesOf(box("a", 0, 0), box("between", 0, 200), box("b", 0, 400), ...many), [line("a", "b")]).size).toBe(0);
});

test("names stand on the curve, so far from their boxes, and never beyond its middle", () => {
  const bent = lineOf(box("a", 0, 0), box("b", 0, 400), 0, 1, -90);
  const [first, last, far] = [along(bent, 0, 18), along(bent, 1, 18), along(bent, 0, 900)];
  expect(first.y).toBeGreaterThan(50 + 12);
  expect(last.y).toBeLessThan(400 - 12);
  expect(first.x).toBeCloseTo(last.x);
  expect(first.x).not.toBe(60);
  expect(far).toEqual(pointOf(bent, 0.5));
});
