import { expect, test } from "vitest";
import { larger, isTall, spread, upright } from "./spread";
import type { Box, Point } from "./layout";

const boxes = (count: number): Box[] => Array.from({ length: count }, (_, index) => ({ id: `r${index + 1}`, width: 150, height: 50 }));
const at = (...points: [x: number, y: number][]): Map<string, Point> => new Map(points.map(([x, y], index) => [`r${index + 1}`, { x, y }]));

test("what is flat gets more between its tiers, and what is high more beside, until the room is full", () => {
  const flat = at([0, 0], [850, 150]);
  expect(spread(boxes(2), flat, 4)).toEqual(at([0, 0], [850, 200]));
  const high = at([0, 0], [200, 350]);
  expect(spread(boxes(2), high, 1)).toEqual(at([0, 0], [250, 350]));
});

test("nothing is drawn apart without measure, and one alone stays where it is", () => {
  expect(spread(boxes(2), at([0, 0], [0, 100]), 3)).toEqual(at([0, 0], [0, 100]));
  expect(spread(boxes(2), at([0, 0], [1850, 100]), 1)).toEqual(at([0, 0], [1850, 160]));
  expect(spread(boxes(1), at([7, 9]), 2)).toEqual(at([7, 9]));
});

test("a ladder is tall, and a ring is taken in its place if nothing in it lies on another", () => {
  const ladder = at([0, 0], [0, 150], [0, 300], [0, 450]);
  const ring = at([0, 0], [200, 0], [200, 150], [0, 150]);
  expect([isTall(boxes(4), ladder, 1.6), isTall(boxes(4), ring, 1.6)]).toEqual([true, false]);
  expect(larger(boxes(4), ladder, ring, 1.6)).toBe(ring);
  expect(larger(boxes(4), ladder, at([0, 0], [100, 0], [100, 150], [0, 150]), 1.6)).toBe(ladder);
});

test("of a ring the first stands at the top, and the second to the right of it", () => {
  const turned = upright(boxes(4), at([0, 200], [200, 400], [400, 200], [200, 0]));
  const [first, second, third, fourth] = [...turned.values()] as [Point, Point, Point, Point];
  expect([first.y < second.y, second.y < third.y, second.x > first.x, fourth.x < first.x, Math.abs(first.x - third.x) < 2]).toEqual([true, true, true, true, true]);
});
