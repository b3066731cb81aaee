/** Two ports that are to be joined: whether they can be, and whether at once. */

import type { LabNode } from "../../../backend/generated/LabNode";
import type { LabPort } from "../../../backend/generated/LabPort";
import type { LabView } from "../../../backend/generated/LabView";
import { freePorts } from "../links";

export interface Choosing {
  node: string;
  port: string;
}

export interface NewLink {
  /** As the patchbay knows the ends, and as files write them. */
  ends: [string, string];
  written: [string, string];
  /** Why they cannot be joined; empty where they can. */
  problem: string;
  /** Whether both ports exist and can be joined while the lab runs. */
  isPossibleNow: boolean;
  /** Why not. */
  why: string;
}

export function connection(lab: LabView, ...choices: [Choosing, Choosing]): NewLink {
  const nodes = choices.map(({ node }) => lab.nodes.find(({ name }) => name === node));
  const ports = choices.map(({ port }, index) => portOf(nodes[index], port));
  const ends = choices.map(({ node, port }, index) => `${node}:${ports[index]?.name ?? port.trim()}`);
  const written = choices.map(({ node, port }) => `${node}:${port.trim()}`);
  const missing = choices.find((_, index) => nodes[index]?.form === "container" && !ports[index]?.wired);
  return {
    ends: [ends[0] ?? "", ends[1] ?? ""],
    written: [written[0] ?? "", written[1] ?? ""],
    problem: problemOf(lab, choices, ends),
    isPossibleNow: lab.deployed && lab.ours && !missing,
    why: !lab.deployed ? "The lab is not deployed." : missing ? `${missing.node} has no port ${missing.port.trim()} yet.` : "",
  };
}

function portOf(node: LabNode | undefined, port: string): LabPort | undefined {
  return node?.ports.find(({ name, written }) => name === port.trim() || written === port.trim());
}

function problemOf(lab: LabView, choices: [Choosing, Choosing], ends: string[]): string {
  const empty = choices.find(({ port }) => !port.trim());
  if (empty) return `${empty.node} needs a port.`;
  const odd = choices.find(({ port }) => /[\s:"]/.test(port.trim()));
  if (odd) return `A port's name has neither spaces nor colons.`;
  if (ends[0] === ends[1]) return "A port cannot be joined with itself.";
  const taken = choices.find(({ node, port }) => {
    const owner = lab.nodes.find(({ name }) => name === node);
    const known = portOf(owner, port);
    return owner && known && !freePorts(owner, lab.links).includes(known);
  });
  return taken ? `${taken.node} has a link at ${taken.port.trim()} already.` : "";
}
