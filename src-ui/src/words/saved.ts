/** Saved configurations in words. */

import type { SavedConfiguration } from "../backend/generated/SavedConfiguration";
import type { SavedFiles } from "../backend/generated/SavedFiles";
import { homePath } from "./labs";
import { bytes, count } from "./units";

/** Where a configuration is, and how long it is: `leaf1: 11.6 KiB in /mnt/flash/startup-config, volume labwright-dc1-leaf1-flash`. */
export function savedDetail({ node, path, volume, bytes: length }: SavedConfiguration): string {
  if (path === "") return `${node}: ${bytes(length)}, read and kept nowhere yet`;
  return `${node}: ${bytes(length)} in ${path}${volume ? `, volume ${volume}` : ", in no volume of its own"}`;
}

/** `leaf1: saved, 11.6 KiB in /mnt/flash/startup-config, in the node's volume`, `5 configurations saved, 58.1 KiB, each in its node's volume`. */
export function savedWords(nodes: SavedConfiguration[]): string {
  const [only] = nodes;
  if (!only) return "No node of these saves its configuration";
  const length = bytes(nodes.reduce((sum, node) => sum + node.bytes, 0));
  const printed = nodes.filter(({ path }) => path === "").length;
  if (nodes.length === 1) {
    if (printed) return `${only.node}: read, ${length}; its kind keeps no copy, a folder does`;
    return `${only.node}: saved, ${length} in ${only.path}, in the node${only.volume ? "'s volume" : ""}`;
  }
  if (printed === nodes.length) return `${count(nodes.length, "configuration")} read, ${length}; their kinds keep no copy, a folder does`;
  const inVolumes = nodes.every(({ path, volume }) => path === "" || volume !== "");
  const saved = `${count(nodes.length - printed, "configuration")} saved${printed ? ` and ${printed} only read` : ""}`;
  return `${saved}, ${length}, each in its node${inVolumes ? "'s volume" : ""}`;
}

/** `5 files written into ~/configs`, `leaf1.cfg is in ~/configs already`. */
export function filesWords({ folder, written, in_the_way }: SavedFiles, home: string): string {
  const place = homePath(`${folder}/`, home).slice(0, -1);
  const [first] = in_the_way;
  if (first !== undefined) return in_the_way.length === 1 ? `${first} is in ${place} already: nothing was written` : `${in_the_way.length} of the files are in ${place} already: nothing was written`;
  if (written.length === 0) return `Nothing was written into ${place}: no node of these saves its configuration`;
  return written.length === 1 ? `${written[0]} written into ${place}` : `${count(written.length, "file")} written into ${place}`;
}
