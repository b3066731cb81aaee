/** Lines of the drawing. They are on a canvas: here they are met as by a pointer, and looked at as by an eye. */

import { middle, node } from "./lab";
import { settled } from "./screen";

interface Place {
  x: number;
  y: number;
}

interface Pixel {
  red: number;
  green: number;
  blue: number;
  alpha: number;
}

/** What was written onto the drawing's canvas since it was wiped the last time. */
let written: string[] = [];

const context = CanvasRenderingContext2D.prototype;
const { clearRect, fillText } = context;
const isDrawing = ({ canvas }: CanvasRenderingContext2D): boolean => canvas.closest(".drawing") !== null;
context.clearRect = function (...given) {
  if (isDrawing(this)) written = [];
  clearRect.apply(this, given);
};
context.fillText = function (...given) {
  if (isDrawing(this)) written.push(given[0]);
  fillText.apply(this, given);
};

/** The words that stand at lines. */
export const words = (): readonly string[] => written;

const pane = (): HTMLElement => document.querySelector(".svelte-flow__pane") as HTMLElement;
const canvas = (): HTMLCanvasElement => document.querySelector(".drawing canvas") as HTMLCanvasElement;

/** How far to look beside the line from one middle to the other, where several lie side by side, in pixels. */
const ASIDE = [0, 4, -4, 8, -8, 12, -12, 16, -16];

/** A line between two nodes, by its ends such as `leaf1:eth1`. */
export class Line {
  readonly at: Place;
  readonly said: string;
  /** From one end of it to the other. */
  #along: Place;

  private constructor(at: Place, said: string, along: Place) {
    this.at = at;
    this.said = said;
    this.#along = along;
  }

  static async find(from: string, to: string): Promise<Line> {
    const [a, b] = [from, to].map((end) => middle(node(end.split(":")[0] ?? ""))) as [Place, Place];
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    const across = { x: -(b.y - a.y) / length, y: (b.x - a.x) / length };
    for (const part of [0.5, 0.42, 0.58, 0.35, 0.65]) {
      for (const aside of ASIDE) {
        const at = { x: a.x + (b.x - a.x) * part + across.x * aside, y: a.y + (b.y - a.y) * part + across.y * aside };
        const said = await Line.point(at);
        if (said.startsWith(`${from} – ${to},`)) return new Line(at, said, { x: b.x - a.x, y: b.y - a.y });
      }
    }
    throw new Error(`there is no line from ${from} to ${to}`);
  }

  /** What is said where the pointer is. */
  static async point({ x, y }: Place): Promise<string> {
    pane().dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: x, clientY: y }));
    await Promise.resolve();
    return document.querySelector(".drawing")?.getAttribute("title") ?? "";
  }

  click(): Promise<void> {
    return this.#press("click");
  }

  menu(): Promise<void> {
    return this.#press("contextmenu");
  }

  /** How many pixels wide it is, where nothing else stands. */
  thickness(): number {
    return this.#bare().reduce((sum, { alpha }) => sum + alpha / 255, 0);
  }

  /** The token whose colour it has. */
  colour(): string {
    const [most] = this.#bare().sort((one, other) => other.alpha - one.alpha);
    if (!most || most.alpha < 40) return "nothing";
    const far = (name: string): number => {
      const [red = 0, green = 0, blue = 0] = token(name);
      return Math.hypot(red - most.red, green - most.green, blue - most.blue);
    };
    return ["idle", "ok", "run", "warn", "bad", "accent"].sort((one, other) => far(one) - far(other))[0] ?? "";
  }

  /** What is seen across it, at the place where the least is: neither in a gap of it nor where words stand. */
  #bare(): Pixel[] {
    const length = Math.hypot(this.#along.x, this.#along.y);
    const [dx, dy] = [-this.#along.y / length, this.#along.x / length];
    const sides = Array.from({ length: 19 }, (_, index) => index - 9);
    const cuts = Array.from({ length: 31 }, (_, index) => (index - 15) / 100).map((part) => {
      const at = { x: this.at.x + this.#along.x * part, y: this.at.y + this.#along.y * part };
      return sides.map((aside) => pixel({ x: at.x + dx * aside, y: at.y + dy * aside }));
    });
    const seen = (cut: Pixel[]): number => cut.reduce((sum, { alpha }) => sum + alpha, 0);
    return cuts.filter((cut) => seen(cut) > 100).sort((one, other) => seen(one) - seen(other))[0] ?? [];
  }

  async #press(type: string): Promise<void> {
    pane().dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, clientX: this.at.x, clientY: this.at.y }));
    await settled();
  }
}

function pixel({ x, y }: Place): Pixel {
  const { left, top } = canvas().getBoundingClientRect();
  const [red = 0, green = 0, blue = 0, alpha = 0] =
    canvas().getContext("2d")?.getImageData((x - left) * devicePixelRatio, (y - top) * devicePixelRatio, 1, 1).data ?? [];
  return { red, green, blue, alpha };
}

function token(name: string): number[] {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim().slice(1);
  return [0, 2, 4].map((start) => parseInt(hex.slice(start, start + 2), 16));
}
