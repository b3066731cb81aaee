import { expect, test } from "vitest";
import { isIn, sightOf } from "./sight";

const box = (x: number, y: number) => ({ id: "a", x, y, width: 100, height: 40 });

test("it stays the same while the view moves a little, and changes when it moves on", () => {
  const sight = (x: number): string => sightOf({ x, y: 0, zoom: 1 }, 800, 600);
  expect(sight(-10)).toBe(sight(-200));
  expect(sight(-10)).not.toBe(sight(-500));
});

test("all that is in sight is in it, at any zoom", () => {
  for (const zoom of [0.6, 1, 2.5]) {
    const view = { x: -300, y: -120, zoom };
    const sight = sightOf(view, 800, 600);
    for (const [x, y] of [[0, 0], [799, 0], [0, 599], [799, 599]] as const) {
      const at = box((x - view.x) / zoom, (y - view.y) / zoom);
      expect(isIn(sight, at, at)).toBe(true);
    }
  }
});

test("a line between two boxes out of sight may cross it; one beside it does not", () => {
  const sight = sightOf({ x: 0, y: 0, zoom: 1 }, 800, 600);
  expect(isIn(sight, box(-5000, 300), box(5000, 300))).toBe(true);
  expect(isIn(sight, box(-5000, 300), box(-4000, 300))).toBe(false);
  expect(isIn(sight, box(0, 5000), undefined)).toBe(false);
});
