/** What can be done with nodes and links: the same in menus, in the panel and in the table. */

import type { LabLink } from "../../backend/generated/LabLink";
import type { LabNode } from "../../backend/generated/LabNode";
import type { LabPort } from "../../backend/generated/LabPort";
import type { MenuItem } from "../../shared/menu";
import { count } from "../../words/units";
import { isHeld, portOf } from "./links";
import type { LabPageState } from "./page.svelte";

/** Whether its container runs. */
export function runs(node: LabNode): boolean {
  return node.form === "container" && (node.standing === "ready" || node.standing === "booting");
}

/** Whether the engine has its container. */
export function isThere(node: LabNode): boolean {
  return node.form === "container" && node.standing !== "absent";
}

/** What can be done with some nodes, in groups: terminals, power, more, and the file. What none of them can is left out. */
export function nodeActions(page: LabPageState, nodes: LabNode[]): MenuItem[][] {
  const names = (fits: (node: LabNode) => boolean): string[] => nodes.filter(fits).map(({ name }) => name);
  const running = names(runs);
  const stopped = names((node) => isThere(node) && !runs(node));
  const saving = names((node) => runs(node) && node.saves);
  const written = names((node) => node.place !== null);
  const there = names(isThere);
  const terminals: MenuItem[] = there.length === 0 ? [] : [
    { label: "Console", isDisabled: running.length === 0, does: () => page.openTerminals(running, "console") },
    { label: "Shell", isDisabled: running.length === 0, does: () => page.openTerminals(running, "shell") },
    { label: "Logs", does: () => page.openTerminals(there, "logs") },
  ];
  const run: MenuItem[] = running.length === 0 ? [] : [{ label: "Run a command…", does: () => void (page.sheet = { type: "run", nodes: running }) }];
  if (!page.isOurs) return [terminals, [], run];
  const power: MenuItem[] = there.length === 0 ? [] : [
    ...(stopped.length > 0 ? [{ label: "Start", does: () => void page.power("start", stopped) }] : []),
    { label: "Restart", does: () => void page.power("restart", there) },
    ...(running.length > 0 ? [{ label: "Stop", does: () => void page.power("stop", running) }] : []),
  ];
  const only = nodes.length === 1 ? nodes[0] : undefined;
  const more: MenuItem[] = [
    ...run,
    ...(saving.length > 0 ? [{ label: "Save configuration", does: () => void page.save(saving) }] : []),
    ...(only ? [{ label: "Connect…", does: () => void (page.sheet = { type: "connect", from: only.name, to: null }) }] : []),
  ];
  const file: MenuItem[] = !page.canEdit || written.length === 0 ? [] : [
    ...(only ? [{ label: "Rename…", key: "F2", does: () => void (page.sheet = { type: "node", node: only.name }) }] : []),
    { label: "Remove from the file…", key: "Delete", look: "bad", does: () => void (page.sheet = { type: "remove", nodes: written, links: [] }) },
  ];
  return [terminals, power, more, file];
}

/** What can be done with some links, in groups: what changes them, captures, and the file. Only one is impaired or listened to at a time. */
export function linkActions(page: LabPageState, ids: string[]): MenuItem[][] {
  const chosen = ids.flatMap((id) => page.links.get(id) ?? []);
  if (chosen.length === 0 || !page.isOurs) return [];
  const only = chosen.length === 1 ? chosen[0] : undefined;
  const there = chosen.filter(isHeld);
  const up = chosen.filter(({ standing }) => standing === "up");
  const down = chosen.filter(({ standing }) => standing === "down");
  const written = ids.filter((id) => (page.links.get(id)?.number ?? null) !== null);
  const set = (links: LabLink[], isUp: boolean): void => void page.changeLinks(links.map(({ ends }) => ({ type: "set", end: ends[0].end, up: isUp })));
  const disconnect = (): void => void page.changeLinks(there.map(({ ends: [a, b] }) => ({ type: "disconnect", end: a.node ? a.end : b.end })));
  return [
    [
      ...(down.length < chosen.length ? [{ label: "Set down", isDisabled: up.length === 0, does: () => set(up, false) }] : []),
      ...(down.length > 0 ? [{ label: "Set up", does: () => set(down, true) }] : []),
      ...(only ? [{ label: "Impair…", isDisabled: there.length === 0, does: () => page.present(ids) }] : []),
      { label: "Disconnect", isDisabled: there.length === 0, does: disconnect },
    ],
    (only ? capturedEnds(page, only) : []).map((end) => ({ label: `Capture at ${end}`, does: () => page.capture(end) })),
    written.length > 0 && page.canEdit ? [{ label: "Remove from the file…", key: "Delete", look: "bad", does: () => void (page.sheet = { type: "remove", nodes: [], links: written }) }] : [],
  ];
}

/** What can be done with a port that no link has. */
export function portActions(page: LabPageState, node: LabNode, port: LabPort): MenuItem[][] {
  if (!page.isOurs) return [];
  const connect = (): void => void (page.sheet = { type: "connect", from: node.name, to: null, port: port.written });
  return [[{ label: "Capture", isDisabled: !port.wired, does: () => page.capture(`${node.name}:${port.name}`) }], [{ label: "Connect…", does: connect }]];
}

/** What some links are called together: the ends of the only one. */
export function linksTitle(ids: string[]): string {
  return ids.length === 1 ? (ids[0] ?? "").replace(" ", " – ") : count(ids.length, "link");
}

/** The ends of a link that can be listened to: those at ports of nodes. */
function capturedEnds(page: LabPageState, link: LabLink): string[] {
  if (!isHeld(link)) return [];
  return link.ends.filter((end) => portOf(page.nodes.get(end.node), end) !== undefined).map(({ end }) => end);
}
