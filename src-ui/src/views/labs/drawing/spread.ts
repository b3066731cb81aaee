/** How a layout uses the room that it is shown in, which is so many times as wide as it is high. */

import { overlaps, type Box, type Point } from "./layout";

type Places = ReadonlyMap<string, Point>;

/** How much farther apart boxes may come than they were laid out, so that nothing of the room is left. */
const MOST = 1.6;
/** So many times as high as its room a layout wastes too much of it. */
const TALL = 1.5;
/** Boxes are wider than high: they need less room below each other than beside. */
const FLAT = 0.6;

/** The same places with more between them: below each other where there is room below, and else beside. */
export function spread(boxes: Box[], places: Places, aspect: number): Map<string, Point> {
  const { left, top, width, height, lastWidth, lastHeight } = extent(boxes, places);
  const x = stretch(width, lastWidth, height * aspect);
  const y = stretch(height, lastHeight, width / aspect);
  return new Map([...places].map(([id, at]) => [id, { x: Math.round(left + (at.x - left) * x), y: Math.round(top + (at.y - top) * y) }]));
}

/** A layout that has no upper side, with the first box at the top, the second to the right of it, and no higher than need be. */
export function upright(boxes: Box[], places: Places): Map<string, Point> {
  const middles = new Map(boxes.map(({ id, width, height }) => [id, { x: (places.get(id)?.x ?? 0) + width / 2, y: (places.get(id)?.y ?? 0) + height / 2 }]));
  const all = [...middles.values()];
  const centre = { x: all.reduce((sum, { x }) => sum + x, 0) / all.length, y: all.reduce((sum, { y }) => sum + y, 0) / all.length };
  const [first, second] = all.map(({ x, y }) => ({ x: x - centre.x, y: y - centre.y }));
  if (!first || !second) return new Map(places);
  const [sin, cos] = [Math.sin(-Math.PI / 2 - Math.atan2(first.y, first.x)), Math.cos(-Math.PI / 2 - Math.atan2(first.y, first.x))];
  const side = second.x * cos - second.y * sin < 0 ? -1 : 1;
  const turned = boxes.map(({ id, width, height }): [string, Point] => {
    const [x, y] = [(middles.get(id)?.x ?? 0) - centre.x, (middles.get(id)?.y ?? 0) - centre.y];
    return [id, { x: Math.round(side * (x * cos - y * sin) - width / 2), y: Math.round((x * sin + y * cos) * FLAT - height / 2) }];
  });
  return new Map(turned);
}

/** Whether it would be shown small because it is so high. */
export function isTall(boxes: Box[], places: Places, aspect: number): boolean {
  const { width, height } = extent(boxes, spread(boxes, places, aspect));
  return height * aspect > width * TALL;
}

/** The one of two layouts that can be shown larger; the first if boxes of the second lie on each other. */
export function larger(boxes: Box[], one: Map<string, Point>, other: Map<string, Point>, aspect: number): Map<string, Point> {
  const placed = boxes.map((box) => ({ ...box, ...(other.get(box.id) ?? { x: 0, y: 0 }) }));
  const isClear = placed.every((a, index) => placed.slice(index + 1).every((b) => !overlaps(a, b)));
  return isClear && scale(boxes, other, aspect) > scale(boxes, one, aspect) ? other : one;
}

function scale(boxes: Box[], places: Places, aspect: number): number {
  const { width, height } = extent(boxes, spread(boxes, places, aspect));
  return Math.min(aspect / width, 1 / height);
}

/** By how much to multiply distances so that what takes `now`, of which the last box takes `last`, takes `wanted`. */
function stretch(now: number, last: number, wanted: number): number {
  return now > last ? Math.max(1, Math.min(MOST, (wanted - last) / (now - last))) : 1;
}

/** What all boxes take together, and the sizes of the rightmost and the lowest. */
function extent(boxes: Box[], places: Places): { left: number; top: number; width: number; height: number; lastWidth: number; lastHeight: number } {
  const placed = boxes.map((box) => ({ ...box, ...(places.get(box.id) ?? { x: 0, y: 0 }) }));
  const right = placed.reduce((most, box) => (box.x + box.width > most.x + most.width ? box : most), placed[0] ?? NOTHING);
  const bottom = placed.reduce((most, box) => (box.y + box.height > most.y + most.height ? box : most), placed[0] ?? NOTHING);
  const [left, top] = [Math.min(...placed.map(({ x }) => x)), Math.min(...placed.map(({ y }) => y))];
  return { left, top, width: right.x + right.width - left, height: bottom.y + bottom.height - top, lastWidth: right.width, lastHeight: bottom.height };
}

const NOTHING: Box & Point = { id: "", x: 0, y: 0, width: 1, height: 1 };
