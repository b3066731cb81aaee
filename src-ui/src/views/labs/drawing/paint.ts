/** The lines of a drawing on a canvas: hundreds of them move with the view, which as many elements could not. */

import { NAME_HEIGHT, nameWidth } from "./geometry";
import type { Point } from "./layout";
import type { Colour, Label, Pen, Stroke } from "./strokes";

/** Which part of the drawing is shown, and how large. */
export interface View {
  x: number;
  y: number;
  zoom: number;
}

/** A line with all that belongs to it. */
export interface Scene {
  stroke: Stroke;
  pen: Pen;
  labels: () => Label[];
  /** Its ends that see no carrier. */
  silent: (0 | 1)[];
  /** The colour of what is wrong with it in the file; null if nothing is. */
  mark: Colour | null;
}

export type Colours = Readonly<Record<Colour, string>> & { font: string };

/** A line is never thinner than this on the screen, in pixels. */
const THINNEST = 0.6;
/** How far from a line the pointer is still on it, to both sides together, in pixels of the screen. */
const REACH = 14;
/** What stands at a line, in the drawing's measure. */
const TEXT = 10.5;
const CORNER = 7;
const BASELINE = 3.5;
const SILENT = 3.5;
const MARK = 8;

/** Draws what is in the view, in its order. The canvas has `ratio` pixels for each of the screen's. */
export function paint(canvas: HTMLCanvasElement, scenes: Scene[], view: View, ratio: number, colours: Colours): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { x, y, zoom } = view;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(zoom * ratio, 0, 0, zoom * ratio, x * ratio, y * ratio);
  const [left, top] = [-x / zoom, -y / zoom];
  const [right, bottom] = [left + canvas.width / ratio / zoom, top + canvas.height / ratio / zoom];
  const seen = scenes.filter(({ stroke }) => stroke.left <= right && stroke.right >= left && stroke.top <= bottom && stroke.bottom >= top);
  for (const { stroke, pen } of seen) {
    context.strokeStyle = colours[pen.colour];
    context.globalAlpha = pen.alpha;
    context.lineWidth = Math.max(pen.width, THINNEST / zoom);
    context.lineCap = pen.cap;
    context.setLineDash(pen.dash);
    context.stroke(stroke.path);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.textAlign = "center";
  for (const { stroke, mark, silent, labels } of seen) {
    for (const end of silent) paintSilent(context, stroke.markAt(end), colours);
    if (mark) paintMark(context, stroke.middle, colours[mark], colours);
    for (const label of labels()) {
      if (label.at.x >= left && label.at.x <= right && label.at.y >= top && label.at.y <= bottom) paintLabel(context, label, colours);
    }
  }
}

/** The stroke at a place, which is in the drawing's measure: of several, the one that is drawn last. */
export function strokeAt(canvas: HTMLCanvasElement, scenes: Scene[], { x, y }: Point, zoom: number): Stroke | undefined {
  const context = canvas.getContext("2d");
  if (!context) return undefined;
  const reach = REACH / zoom;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.setLineDash([]);
  context.lineWidth = reach;
  const isNear = ({ left, top, right, bottom }: Stroke): boolean => left - reach <= x && x <= right + reach && top - reach <= y && y <= bottom + reach;
  return scenes.findLast(({ stroke }) => isNear(stroke) && context.isPointInStroke(stroke.path, x, y))?.stroke;
}

function paintLabel(context: CanvasRenderingContext2D, { at, words, colour, isStrong }: Label, colours: Colours): void {
  const width = nameWidth(words);
  context.fillStyle = colours.ground;
  context.beginPath();
  context.roundRect(at.x - width / 2, at.y - NAME_HEIGHT / 2, width, NAME_HEIGHT, CORNER);
  context.fill();
  context.font = `${isStrong ? 500 : 400} ${TEXT}px ${colours.font}`;
  context.fillStyle = colours[colour];
  context.fillText(words, at.x, at.y + BASELINE);
}

function paintSilent(context: CanvasRenderingContext2D, { x, y }: Point, colours: Colours): void {
  context.beginPath();
  context.arc(x, y, SILENT, 0, Math.PI * 2);
  context.fillStyle = colours.ground;
  context.fill();
  context.strokeStyle = colours.warn;
  context.lineWidth = 1.5;
  context.stroke();
}

/** A disc with an exclamation mark. */
function paintMark(context: CanvasRenderingContext2D, { x, y }: Point, colour: string, colours: Colours): void {
  context.beginPath();
  context.arc(x, y, MARK, 0, Math.PI * 2);
  context.fillStyle = colour;
  context.fill();
  context.beginPath();
  context.moveTo(x, y - 4);
  context.lineTo(x, y + 0.5);
  context.moveTo(x, y + 3.6);
  context.lineTo(x, y + 4);
  context.strokeStyle = colours.surface;
  context.lineWidth = 1.8;
  context.lineCap = "round";
  context.stroke();
}
