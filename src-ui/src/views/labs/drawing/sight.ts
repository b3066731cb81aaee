/** What of a drawing is in sight, in steps: it changes only now and then while the view moves. */

import type { Placed } from "./geometry";

/** The steps, and what is added on each side, in parts of the view. */
const STEP = 0.5;

export interface View {
  x: number;
  y: number;
  zoom: number;
}

/** The part of the drawing that is in sight, as `left top right bottom`. Two that are alike are the same text. */
export function sightOf({ x, y, zoom }: View, width: number, height: number): string {
  const [left, right] = range(-x / zoom, width / zoom);
  const [top, bottom] = range(-y / zoom, height / zoom);
  return `${left} ${top} ${right} ${bottom}`;
}

/** Whether any of a line between two boxes may be in it. */
export function isIn(sight: string, from: Placed | undefined, to: Placed | undefined): boolean {
  const [left = 0, top = 0, right = 0, bottom = 0] = sight.split(" ").map(Number);
  if (!from || !to) return false;
  return (
    Math.min(from.x, to.x) <= right &&
    Math.max(from.x + from.width, to.x + to.width) >= left &&
    Math.min(from.y, to.y) <= bottom &&
    Math.max(from.y + from.height, to.y + to.height) >= top
  );
}

function range(start: number, size: number): [number, number] {
  const step = size * STEP || 1;
  return [Math.round((Math.floor(start / step) - 1) * step), Math.round((Math.ceil((start + size) / step) + 1) * step)];
}
