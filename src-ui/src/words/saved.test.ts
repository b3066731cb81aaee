import { expect, test } from "vitest";
import type { SavedConfiguration } from "../backend/generated/SavedConfiguration";
import { filesWords, savedDetail, savedWords } from "./saved";

const ceos = (node: string): SavedConfiguration => ({ node, path: "/mnt/flash/startup-config", volume: `labwright-dc1-${node}-flash`, bytes: 12_288 });
const crpd: SavedConfiguration = { node: "r1", path: "", volume: "", bytes: 3072 };
const loose: SavedConfiguration = { ...ceos("x1"), volume: "" };

test.each([
  [[], "No node of these saves its configuration"],
  [[ceos("leaf1")], "leaf1: saved, 12.0 KiB in /mnt/flash/startup-config, in the node's volume"],
  [[loose], "x1: saved, 12.0 KiB in /mnt/flash/startup-config, in the node"],
  [[crpd], "r1: read, 3.00 KiB; its kind keeps no copy, a folder does"],
  [[ceos("leaf1"), ceos("leaf2")], "2 configurations saved, 24.0 KiB, each in its node's volume"],
  [[ceos("leaf1"), loose], "2 configurations saved, 24.0 KiB, each in its node"],
  [[ceos("leaf1"), crpd], "1 configuration saved and 1 only read, 15.0 KiB, each in its node's volume"],
  [[crpd, { ...crpd, node: "r2" }], "2 configurations read, 6.00 KiB; their kinds keep no copy, a folder does"],
])("what was saved is said as it is: %#", (nodes, words) => {
  expect(savedWords(nodes)).toBe(words);
});

test("each node's file and volume are named", () => {
  expect([ceos("leaf1"), loose, crpd].map(savedDetail)).toEqual([
    "leaf1: 12.0 KiB in /mnt/flash/startup-config, volume labwright-dc1-leaf1-flash",
    "x1: 12.0 KiB in /mnt/flash/startup-config, in no volume of its own",
    "r1: 3.00 KiB, read and kept nowhere yet",
  ]);
});

test.each([
  [["leaf1.cfg"], [], "leaf1.cfg written into ~/configs"],
  [["leaf1.cfg", "leaf2.cfg"], [], "2 files written into ~/configs"],
  [[], ["leaf1.cfg"], "leaf1.cfg is in ~/configs already: nothing was written"],
  [[], ["leaf1.cfg", "leaf2.cfg"], "2 of the files are in ~/configs already: nothing was written"],
  [[], [], "Nothing was written into ~/configs: no node of these saves its configuration"],
])("what became of files is said: %#", (written, in_the_way, words) => {
  expect(filesWords({ folder: "/home/ada/configs", written, in_the_way, failure: null }, "/home/ada")).toBe(words);
});
