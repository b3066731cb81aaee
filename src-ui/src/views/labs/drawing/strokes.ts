/** Lines of a drawing where they are, and what stands beside them. */

import type { LabLinkStanding } from "../../../backend/generated/LabLinkStanding";
import type { DrawnLink } from "./drawn";
import { along, lineOf, loopOf, NEAR, pointOf, type Placed } from "./geometry";
import type { Point } from "./layout";

/** A colour of `tokens.css`. */
export type Colour = (typeof COLOURS)[number];

export const COLOURS = ["idle", "ok", "run", "warn", "bad", "accent", "ground", "surface", "ink-2"] as const;

/** A line, in the drawing's measure. */
export interface Stroke {
  line: DrawnLink;
  path: Path2D;
  /** Where what is said of it stands. */
  middle: Point;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** The place of an end's name; null where it has no room so far from its box. */
  nameAt(end: 0 | 1, distance: number | null): Point | null;
  /** Where an end is marked. */
  markAt(end: 0 | 1): Point;
}

/** How a line looks. */
export interface Pen {
  colour: Colour;
  width: number;
  dash: number[];
  cap: CanvasLineCap;
  alpha: number;
}

/** What stands at a line. */
export interface Label {
  at: Point;
  words: string;
  colour: Colour;
  isStrong: boolean;
}

const WIDTH = 1.5;
const CHOSEN = 2.5;
const ALPHA = 0.85;
/** How far from its box an end is marked: all of the mark can be seen. */
const MARK = 5;

const SOLID = { dash: [], cap: "butt" } as const;
const DASHED = { dash: [6, 4], cap: "butt" } as const;
const DOTTED = { dash: [2, 5], cap: "round" } as const;

const PENS = {
  up: { colour: "ok", ...SOLID },
  down: { colour: "idle", ...DASHED },
  absent: { colour: "idle", ...DOTTED },
  waiting: { colour: "run", ...DASHED },
  failed: { colour: "bad", ...DASHED },
  unknown: { colour: "idle", ...SOLID },
} as const satisfies Record<LabLinkStanding, unknown>;

/** `bend` is how far its middle is pulled aside. */
export function strokeOf(line: DrawnLink, from: Placed, to: Placed, bend = 0): Stroke {
  return from.id === to.id ? loopStroke(line, from) : lineStroke(line, from, to, bend);
}

function lineStroke(line: DrawnLink, from: Placed, to: Placed, bend: number): Stroke {
  const drawn = lineOf(from, to, line.lane, line.lanes, bend);
  const { from: start, to: end, pull, out, into } = drawn;
  const path = new Path2D();
  path.moveTo(start.x, start.y);
  if (pull) path.quadraticCurveTo(pull.x, pull.y, end.x, end.y);
  else path.lineTo(end.x, end.y);
  const around = pull ? [start, end, pull] : [start, end];
  return {
    line,
    path,
    middle: pull ? pointOf(drawn, 0.5) : { x: (out.x + into.x) / 2, y: (out.y + into.y) / 2 },
    left: Math.min(...around.map(({ x }) => x)),
    top: Math.min(...around.map(({ y }) => y)),
    right: Math.max(...around.map(({ x }) => x)),
    bottom: Math.max(...around.map(({ y }) => y)),
    nameAt: (which, distance) => (distance === null ? null : along(drawn, which, distance)),
    markAt: (which) => along(drawn, which, MARK),
  };
}

function loopStroke(line: DrawnLink, box: Placed): Stroke {
  const loop = loopOf(box, line.lane, line.lanes);
  return {
    line,
    path: new Path2D(loop.path),
    middle: loop.middle,
    left: box.x,
    top: box.y,
    right: loop.middle.x * 2 - box.x - box.width,
    bottom: box.y + box.height,
    nameAt: (which, distance) => (distance === null && line.lanes > 1 ? null : loop.ends[which]),
    markAt: (which) => ({ x: loop.begins[which].x + MARK, y: loop.begins[which].y }),
  };
}

/** More traffic, in bits a second, is thicker, by powers of ten from a kilobit on: 1.5 pixels at rest, 3.5 at ten gigabits, in quarters. */
export function widthOf(traffic: number): number {
  return traffic > 1000 ? WIDTH + Math.round(Math.min(2, ((Math.log10(traffic) - 3) * 2) / 7) * 4) / 4 : WIDTH;
}

/** How a link's line looks that passes so many bits a second. */
export function penOf(standing: LabLinkStanding, traffic: number, how: "plain" | "hovered" | "chosen"): Pen {
  const { colour, cap } = PENS[standing];
  const dash = [...PENS[standing].dash];
  const width = widthOf(traffic);
  if (how === "chosen") return { colour: "accent", width: Math.max(CHOSEN, width), dash, cap, alpha: 1 };
  return { colour, width, dash, cap, alpha: how === "hovered" ? 1 : ALPHA };
}

/** The same from afar: as faint as its gaps make it, but without them; nobody could see them, and each costs. */
export function farPen(pen: Pen): Pen {
  const [drawn = 1, gap = 0] = pen.dash;
  const isSaid = pen.colour === "bad" || pen.colour === "accent";
  return { ...pen, dash: [], alpha: isSaid ? pen.alpha : (pen.alpha * drawn) / (drawn + gap) };
}

/** The names of both ends. Those that have no room are shown of what is chosen. */
export function namesOf(stroke: Stroke, distances: [number | null, number | null] | undefined, isChosen: boolean): Label[] {
  return ([0, 1] as const).flatMap((end): Label[] => {
    const words = stroke.line.names[end];
    const at = stroke.nameAt(end, distances?.[end] ?? (isChosen ? NEAR : null));
    return words && at ? [{ at, words, colour: "ink-2", isStrong: false }] : [];
  });
}
