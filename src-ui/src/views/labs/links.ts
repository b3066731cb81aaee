/** Links, and what is known of their ends. */

import type { LabEnd } from "../../backend/generated/LabEnd";
import type { LabLink } from "../../backend/generated/LabLink";
import type { LabNode } from "../../backend/generated/LabNode";
import type { LabPort } from "../../backend/generated/LabPort";

/** Links by an id: its ends, which no other link has, unless the file is wrong. */
export function linkIds(links: LabLink[]): Map<string, LabLink> {
  const byId = new Map<string, LabLink>();
  for (const link of links) {
    const ends = link.ends.map(({ end }) => end).join(" ");
    byId.set(byId.has(ends) ? `${ends} ${byId.size}` : ends, link);
  }
  return byId;
}

/** Whether the patchbay has a link, as far as it tells. */
export function isHeld({ standing }: LabLink): boolean {
  return standing !== "absent" && standing !== "unknown";
}

/** The end of a link at a node, and the other one. */
export function farEnd({ ends: [a, b] }: LabLink, node: string): { near: LabEnd; far: LabEnd } {
  return a.node === node ? { near: a, far: b } : { near: b, far: a };
}

/** The port of a node that is an end of a link. */
export function portOf(node: LabNode | undefined, { end, port }: LabEnd): LabPort | undefined {
  return node?.ports.find(({ name, written }) => written === port || end.endsWith(`:${name}`) || end.endsWith(`:${written}`));
}

/** How a port stands: what is wrong with it, or whether it is there and sees a carrier. */
export function portWords({ problem, wired, carrier }: LabPort): string {
  if (problem) return problem;
  if (!wired) return "not wired";
  return carrier ? "carrier" : "no carrier";
}

/** The ends of a link that is up where the node sees no carrier all the same: its port is down there. */
export function silentEnds(link: LabLink, nodes: ReadonlyMap<string, LabNode>): (0 | 1)[] {
  if (link.standing !== "up") return [];
  return ([0, 1] as const).filter((index) => {
    const port = portOf(nodes.get(link.ends[index].node), link.ends[index]);
    return port?.wired === true && !port.carrier;
  });
}

/** Ports of a node that no link has. */
export function freePorts(node: LabNode, links: LabLink[]): LabPort[] {
  const taken = new Set(links.flatMap(({ ends }) => ends.filter((end) => end.node === node.name).flatMap(({ end, port }) => [end, `${node.name}:${port}`])));
  return node.ports.filter(({ name, written }) => !taken.has(`${node.name}:${name}`) && !taken.has(`${node.name}:${written}`));
}

/** The port after the last of some, by its number: `eth4` after `eth3`, `ethernet-1/3` after `ethernet-1/2`. */
export function nextPort(ports: string[]): string {
  const numbered = ports.flatMap((written) => {
    const [, name, digits] = /^(.*?)(\d+)$/.exec(written) ?? [];
    return name !== undefined && digits !== undefined ? [{ name, number: Number(digits) }] : [];
  });
  const last = numbered.reduce<{ name: string; number: number } | null>((most, port) => (!most || port.number > most.number ? port : most), null);
  return last ? `${last.name}${last.number + 1}` : "eth1";
}
