/** Lines between boxes, and where the names of their ends stand. */

import type { Box, Point } from "./layout";

/** A box that stands somewhere; `x` and `y` are its upper left corner. */
export type Placed = Box & Point;

/** A line from one box to another; `lane` moves it to the side where several join the same two. */
export interface Line {
  from: Point;
  to: Point;
  /** Where a bent line is pulled to: the control point of its curve. */
  pull: Point | null;
  /** Where it leaves the first box and enters the second. */
  out: Point;
  into: Point;
}

/** A line of the drawing that wants names at its ends. */
export interface Named {
  id: string;
  ends: [string, string];
  lane: number;
  /** How many lie side by side. */
  lanes: number;
  /** What stands at each end. */
  names: [string, string];
}

/** What is left free around the whole drawing, in pixels. */
export const AROUND = { top: 24, x: 24, bottom: 56 };
/** How far two lines between the same boxes are from each other, in pixels. */
const LANE = 16;
/** How near to a box's corner a line may leave it. */
const EDGE = 5;
/** A loop's size: half of how far its ends are apart, how far its curve is pulled away from the box, and how far up and down. */
const LOOP = { open: 12, wide: 34, high: 14 };
/** How far from its box a name stands at least, and how much farther where another one is in the way. */
export const NEAR = 18;
const FARTHER = 17;
const TRIES = 3;
/** In how many steps a curve is walked along. */
const CURVE = 96;
/** The height of a name, and its width for each letter. */
export const NAME_HEIGHT = 15;
const LETTER = 6.2;

export function middle(box: Placed): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/**
 * The line from the middle of one box to that of the other, or beside it: so many lanes are no wider together than both boxes.
 * Its own middle is pulled aside by `bend` pixels.
 */
export function lineOf(a: Placed, b: Placed, lane = 0, lanes = 1, bend = 0): Line {
  const [one, other] = [middle(a), middle(b)];
  const length = Math.hypot(other.x - one.x, other.y - one.y) || 1;
  const across = { x: -(other.y - one.y) / length, y: (other.x - one.x) / length };
  const wide = Math.min(LANE, (Math.min(reach(a, across), reach(b, across)) - EDGE) / ((lanes - 1) / 2));
  const aside = { x: across.x * lane * wide, y: across.y * lane * wide };
  const from = { x: one.x + aside.x, y: one.y + aside.y };
  const to = { x: other.x + aside.x, y: other.y + aside.y };
  // A curve passes half as far aside as it is pulled.
  const pull = bend === 0 ? null : { x: (from.x + to.x) / 2 + across.x * bend * 2, y: (from.y + to.y) / 2 + across.y * bend * 2 };
  return { from, to, pull, out: leave(a, from, pull ?? to), into: leave(b, to, pull ?? from) };
}

/** A line from a box back to itself, on its right. The further out its lane is, the wider it swings. */
export interface Loop {
  path: string;
  /** Where it leaves the box, and comes back. */
  begins: [Point, Point];
  /** Where what is said of it stands: in its middle, and near each end. */
  middle: Point;
  ends: [Point, Point];
}

export function loopOf(box: Placed, lane = 0, lanes = 1): Loop {
  const [x, y] = [box.x + box.width, box.y + box.height / 2];
  const index = lane + (lanes - 1) / 2;
  const open = Math.min(LOOP.open + index * 5, box.height / 2 - EDGE);
  const [wide, high] = [LOOP.wide + index * 18, LOOP.high + index * 6];
  const near = { x: x + wide * 0.48, y: open * 0.792 + high * 0.288 };
  return {
    path: `M${x} ${y - open}c${wide} ${-high} ${wide} ${open * 2 + high} 0 ${open * 2}`,
    begins: [{ x, y: y - open }, { x, y: y + open }],
    middle: { x: x + wide * 0.75, y },
    ends: [{ x: near.x, y: y - near.y }, { x: near.x, y: y + near.y }],
  };
}

/** A point between a line's ends: its first at 0, its last at 1. */
export function pointOf({ from, to, pull }: Line, part: number): Point {
  const rest = 1 - part;
  if (!pull) return { x: from.x * rest + to.x * part, y: from.y * rest + to.y * part };
  const between = (start: number, by: number, end: number): number => start * rest * rest + by * 2 * rest * part + end * part * part;
  return { x: between(from.x, pull.x, to.x), y: between(from.y, pull.y, to.y) };
}

/** The point of a line so many pixels after it left the first box, or before it enters the second; its middle at most. */
export function along(line: Line, end: 0 | 1, distance: number): Point {
  if (line.pull) return alongCurve(line, end, distance);
  const [start, goal] = end === 0 ? [line.out, line.into] : [line.into, line.out];
  const length = Math.hypot(goal.x - start.x, goal.y - start.y) || 1;
  const part = Math.min(distance / length, 0.5);
  return { x: start.x + (goal.x - start.x) * part, y: start.y + (goal.y - start.y) * part };
}

export function nameWidth(name: string): number {
  return Math.round(name.length * LETTER + 8);
}

/**
 * How far from their boxes the names of all lines stand: as near as they can without standing on each other. Null for a
 * name that has no room.
 */
export function nameDistances(boxes: ReadonlyMap<string, Placed>, lines: Named[], bends: ReadonlyMap<string, number> = new Map()): Map<string, [number | null, number | null]> {
  const found = new Map<string, [number | null, number | null]>(lines.map(({ id }) => [id, [null, null]]));
  const taken = new Places();
  for (const { id, ends, lane, lanes, names } of lines) {
    const [a, b] = [boxes.get(ends[0]), boxes.get(ends[1])];
    const distances = found.get(id);
    if (!a || !b || a === b || !distances) continue;
    const line = lineOf(a, b, lane, lanes, bends.get(id));
    for (const end of [0, 1] as const) {
      if (names[end]) distances[end] = freeDistance(line, end, names[end], taken);
    }
  }
  return found;
}

/** The neighbour of a box in a direction: the nearest, of those that lie more that way than aside. */
export function neighbour(boxes: Iterable<Placed>, from: Placed, key: string): string | null {
  const direction = DIRECTIONS[key];
  if (!direction) return null;
  const start = middle(from);
  let best: { id: string; far: number } | null = null;
  for (const box of boxes) {
    if (box.id === from.id) continue;
    const to = middle(box);
    const ahead = (to.x - start.x) * direction.x + (to.y - start.y) * direction.y;
    const aside = Math.abs((to.x - start.x) * direction.y) + Math.abs((to.y - start.y) * direction.x);
    if (ahead <= 1 || aside > ahead * 2.5) continue;
    const far = ahead + aside * 2;
    if (!best || far < best.far) best = { id: box.id, far };
  }
  return best?.id ?? null;
}

const DIRECTIONS: Record<string, Point> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};

function alongCurve(line: Line, end: 0 | 1, distance: number): Point {
  const [start, edge] = end === 0 ? [line.from, line.out] : [line.to, line.into];
  const far = Math.hypot(edge.x - start.x, edge.y - start.y) + distance;
  for (let step = 0; step < CURVE / 2; step += 1) {
    const at = pointOf(line, end === 0 ? step / CURVE : 1 - step / CURVE);
    if (Math.hypot(at.x - start.x, at.y - start.y) >= far) return at;
  }
  return pointOf(line, 0.5);
}

/** How far a box goes from its middle in a direction of length 1. */
function reach({ width, height }: Box, { x, y }: Point): number {
  return Math.min(x === 0 ? Infinity : width / 2 / Math.abs(x), y === 0 ? Infinity : height / 2 / Math.abs(y));
}

/** Where a line that begins within a box leaves it on its way to `to`. */
function leave(box: Placed, from: Point, to: Point): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const across = dx === 0 ? Infinity : ((dx > 0 ? box.x + box.width : box.x) - from.x) / dx;
  const upright = dy === 0 ? Infinity : ((dy > 0 ? box.y + box.height : box.y) - from.y) / dy;
  const part = Math.max(0, Math.min(across, upright, 1));
  return { x: from.x + dx * part, y: from.y + dy * part };
}

/** Where names stand already, by the squares of a grid, so that only those nearby are looked at. */
class Places {
  #squares = new Map<string, { at: Point; width: number }[]>();

  isFree(at: Point, width: number): boolean {
    const [column, row] = square(at);
    const near = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => this.#squares.get(`${column + dx} ${row + dy}`) ?? []));
    return near.every((other) => Math.abs(other.at.x - at.x) > (other.width + width) / 2 - 2 || Math.abs(other.at.y - at.y) > NAME_HEIGHT - 1);
  }

  take(at: Point, width: number): void {
    const key = square(at).join(" ");
    this.#squares.set(key, [...(this.#squares.get(key) ?? []), { at, width }]);
  }
}

/** No name is longer than a square is wide. */
function square({ x, y }: Point): [number, number] {
  return [Math.floor(x / 100), Math.floor(y / 100)];
}

function freeDistance(line: Line, end: 0 | 1, name: string, taken: Places): number | null {
  const width = nameWidth(name);
  const half = Math.hypot(line.into.x - line.out.x, line.into.y - line.out.y) / 2;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const distance = NEAR + attempt * FARTHER;
    if (attempt > 0 && distance > half - 8) return null;
    const at = along(line, end, distance);
    if (!taken.isFree(at, width)) continue;
    taken.take(at, width);
    return distance;
  }
  return null;
}
