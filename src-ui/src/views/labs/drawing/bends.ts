/** Which lines are bent around boxes that stand between their ends, and how far. */

import { lineOf, pointOf, type Line, type Named, type Placed } from "./geometry";
import type { Point } from "./layout";

/** Of more boxes nobody could tell bent lines apart. */
const MOST = 60;
/** How far a line's middle may be pulled aside, in pixels: the least that is enough. */
const BENDS = [30, 60, 90, 120, 160].flatMap((far) => [far, -far]);
/** How near to a box a line may pass, in pixels. */
const NEAR = 8;
/** A line is looked at in steps of so many pixels. */
const STEP = 8;

/** By how many pixels the middle of a line is pulled aside, for those that would pass behind a box, and can pass beside it. */
export function bendsOf(boxes: ReadonlyMap<string, Placed>, lines: Named[]): Map<string, number> {
  if (boxes.size > MOST) return new Map();
  const bends = lines.flatMap(({ id, ends: [one, other], lane, lanes }): [string, number][] => {
    const [a, b] = [boxes.get(one), boxes.get(other)];
    if (!a || !b || a === b) return [];
    const between = [...boxes.values()].filter((box) => box !== a && box !== b);
    const isFree = (bend: number): boolean => passes(lineOf(a, b, lane, lanes, bend), between);
    if (isFree(0)) return [];
    const bend = BENDS.find(isFree);
    return bend === undefined ? [] : [[id, bend]];
  });
  return new Map(bends);
}

function passes(line: Line, boxes: Placed[]): boolean {
  const steps = Math.ceil(Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y) / STEP);
  const points = Array.from({ length: steps + 1 }, (_, step) => pointOf(line, step / steps));
  return points.every((point) => !boxes.some((box) => isIn(box, point)));
}

function isIn(box: Placed, { x, y }: Point): boolean {
  return box.x - NEAR < x && x < box.x + box.width + NEAR && box.y - NEAR < y && y < box.y + box.height + NEAR;
}
