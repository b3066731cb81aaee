/** What of a lab is drawn: boxes for nodes and for ends outside, lines for links. */

import type { LabLink } from "../../../backend/generated/LabLink";
import type { LabView } from "../../../backend/generated/LabView";
import { shortPort } from "../../../words/labs";
import type { Box, Graph } from "./layout";
import { nameWidth, type Named } from "./geometry";

/** An end outside of the lab, such as a port of the engine's host. */
export interface Outside extends Box {
  words: string;
}

/** A link as a line between two boxes. */
export interface DrawnLink extends Named {
  link: LabLink;
}

export const NODE_HEIGHT = 50;
const OUTSIDE_HEIGHT = 26;
/** A node's tile and paddings, and the room for each letter of the longest name. */
const NODE_BASE = 62;
const NODE_LETTER = 7.4;
const NODE_LEAST = 146;
const NODE_MOST = 210;

/** All nodes of a lab are equally wide: as wide as the longest name needs. */
export function nodeWidth(lab: LabView): number {
  const longest = Math.max(0, ...lab.nodes.map(({ name }) => name.length));
  return Math.round(Math.min(NODE_MOST, Math.max(NODE_LEAST, NODE_BASE + longest * NODE_LETTER)));
}

/** Ends that belong to no node of the lab, each a box of its own. */
export function outsideOf(links: ReadonlyMap<string, LabLink>, nodes: ReadonlySet<string>): Outside[] {
  return [...links].flatMap(([id, link]) =>
    link.ends.flatMap((end, index) => {
      if (nodes.has(end.node)) return [];
      const words = end.port || end.end;
      return [{ id: outsideId(id, index), words, width: Math.min(NODE_MOST, nameWidth(words) + 16), height: OUTSIDE_HEIGHT }];
    }),
  );
}

/** The links as lines; several between the same two boxes lie side by side. */
export function drawnLinks(links: ReadonlyMap<string, LabLink>, nodes: ReadonlySet<string>): DrawnLink[] {
  const drawn = [...links].map(([id, link]): DrawnLink => {
    const boxes = link.ends.map((end, index) => (nodes.has(end.node) ? end.node : outsideId(id, index)));
    const names = link.ends.map((end) => (nodes.has(end.node) ? shortPort(end.port) : ""));
    return { id, link, ends: [boxes[0] ?? "", boxes[1] ?? ""], names: [names[0] ?? "", names[1] ?? ""], lane: 0, lanes: 1 };
  });
  const sideBySide = new Map<string, DrawnLink[]>();
  for (const one of drawn) {
    const pair = [...one.ends].sort().join(" ");
    sideBySide.set(pair, [...(sideBySide.get(pair) ?? []), one]);
  }
  for (const lines of sideBySide.values()) {
    lines.forEach((line, index) => {
      const lane = index - (lines.length - 1) / 2;
      // A line the other way round has its sides the other way round.
      line.lane = line.ends[0] <= line.ends[1] ? lane : -lane;
      line.lanes = lines.length;
    });
  }
  return drawn;
}

export function graphOf(lab: LabView, outside: Outside[], lines: DrawnLink[]): Graph {
  const width = nodeWidth(lab);
  const boxes = lab.nodes.map(({ name }): Box => ({ id: name, width, height: NODE_HEIGHT }));
  return { boxes: [...boxes, ...outside.map(({ id, width: wide, height }) => ({ id, width: wide, height }))], joins: lines.map(({ ends }) => ends) };
}

/** No node has a space in its name. */
function outsideId(link: string, end: number): string {
  return `outside ${end} ${link}`;
}
