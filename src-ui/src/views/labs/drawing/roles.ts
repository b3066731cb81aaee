/** Which of two nodes stands above the other in a drawing. */

/** Words in nodes' names, the highest first: what people call the tiers of their networks. */
const TIERS = [
  ["superspine", "ss", "core", "dci", "wan", "inet"],
  ["p", "rr", "spine", "agg", "dist"],
  ["pe", "leaf", "tor", "border", "bl", "access", "asbr"],
  ["ce", "cpe", "sw"],
  ["host", "server", "srv", "client", "pc", "vm", "h"],
];

const TIER = new Map(TIERS.flatMap((words, tier) => words.map((word): [string, number] => [word, tier])));

/** How far down a node belongs by its name: `p1-spine2` is a spine; null where the name says nothing. */
export function tierOf(name: string): number | null {
  const words = name.toLowerCase().split(/[^a-z]+/);
  const found = words.findLast((word) => TIER.has(word));
  return found === undefined ? null : (TIER.get(found) ?? null);
}

/** Whether the node `a` stands above its neighbour `b`; what has only this one link stands below. */
export function isAbove(a: string, b: string, links: ReadonlyMap<string, number>): boolean {
  const [tierA, tierB] = [tierOf(a), tierOf(b)];
  if (tierA !== null && tierB !== null && tierA !== tierB) return tierA < tierB;
  const [one, other] = [links.get(a) ?? 0, links.get(b) ?? 0];
  if ((one === 1) !== (other === 1)) return other === 1;
  // The file's order, which the caller keeps.
  return true;
}
