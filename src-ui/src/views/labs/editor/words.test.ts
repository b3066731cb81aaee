import { expect, test } from "vitest";
import { fabric } from "../../../backend/fake/topologies";
import { labWords } from "../../../backend/fake/words";
import { images } from "../../../backend/fake/library";
import { standingAt } from "./standing";
import { fits, meaningOf, offersAt, type Known, type Offer } from "./words";

const KNOWN: Known = { words: labWords(), nodes: fabric().nodes, links: fabric().links, groups: ["leaves", "spines"], images: images(0) };

/** What is offered where a text ends. */
function offers(text: string): Offer[] {
  const lines = text.split("\n");
  const standing = standingAt(lines, lines.length - 1, lines.at(-1)?.length ?? 0);
  return standing ? offersAt(standing, KNOWN).offers : [];
}

const labels = (text: string): string[] => offers(text).map(({ label }) => label);

function meaning(text: string): string | null {
  const lines = text.split("\n");
  const standing = standingAt(lines, lines.length - 1, lines.at(-1)?.length ?? 0);
  const found = standing && meaningOf(standing, KNOWN);
  return found ? [found.title, found.about].filter(Boolean).join(": ") : null;
}

const NODE = "topology:\n  nodes:\n    leaf1:\n";

test.each([
  ["topology.nodes.*", ["topology", "nodes", "leaf1"], true],
  ["topology.nodes.*", ["topology", "nodes"], false],
  ["topology.links", ["topology", "links", "-"], true],
  ["topology.links.*", ["topology", "links", "-"], true],
  ["topology.links.*.endpoints.*", ["topology", "links", "-", "endpoints", "-"], true],
  ["topology.links.endpoints", ["topology", "links", "-", "endpoints", "-"], true],
  ["topology.links", ["topology", "links", "-", "vars"], false],
  ["", [], true],
  ["", ["topology"], false],
])("%s at %j: %s", (within, path, expected) => {
  expect(fits(within, path)).toBe(expected);
});

test("keys are offered where they stand, without those that are there", () => {
  expect(labels("")).toEqual(["name", "prefix", "mgmt", "topology"]);
  expect(labels("name: dc1\nto")).not.toContain("name");
  expect(labels(`${NODE}      `)).toContain("startup-config");
  expect(labels(`${NODE}      kind: linux\n      k`)).not.toContain("kind");
  expect(labels(`${NODE}    `)).toEqual([]);
  expect(labels("topology:\n  links:\n    - ")).toContain("endpoints");
  expect(labels("topology:\n  kinds:\n    ar")).toContain("arista_ceos");
});

test("a key with keys below it opens a line, and one with a value goes on with it", () => {
  const written = (text: string, label: string): [string, boolean] | undefined => {
    const found = offers(text).find((one) => one.label === label);
    return found && [found.writes, found.goesOn];
  };
  expect(written("", "topology")).toEqual(["topology:\n", false]);
  expect(written("topology:\n  ", "nodes")).toEqual(["nodes:\n", false]);
  expect(written(`${NODE}      `, "kind")).toEqual(["kind: ", true]);
  expect(written("topology:\n  nodes:\n    leaf1: { ", "kind")).toEqual(["kind: ", true]);
});

test("kinds come with their titles, and those that run here first", () => {
  const kinds = offers(`${NODE}      kind: `);
  expect(kinds.find(({ label }) => label === "ceos")?.detail).toBe("Arista cEOS");
  const [ceos, veos] = ["arista_ceos", "arista_veos"].map((name) => kinds.find(({ label }) => label === name));
  expect(ceos?.rank).toBeGreaterThan(veos?.rank ?? 0);
  expect(veos?.about).toContain("does not run here");
});

test("images, nodes, ports and values come where they belong", () => {
  expect(labels(`${NODE}      image: ce`)).toContain("ceos:4.34.2F");
  expect(labels('topology:\n  links:\n    - endpoints: ["')).toEqual(expect.arrayContaining(["leaf1", "host2", "host"]));
  expect(labels('topology:\n  links:\n    - endpoints: ["leaf1:eth1", "leaf2:')).toEqual(["eth1", "eth2", "eth51", "eth49", "eth50"]);
  expect(labels("topology:\n  links:\n    - endpoints:\n        - { node: host1, interface: ")).toEqual(["eth2", "eth3", "eth1"]);
  expect(labels(`${NODE}      image-pull-policy: `)).toEqual(["IfNotPresent", "Always", "Never"]);
  expect(labels(`${NODE}      cap-add: [`)).toContain("NET_ADMIN");
});

test("a word means what its key says, or what its kind is", () => {
  expect(meaning(`${NODE}      startup-config`)).toMatch(/^startup-config: /);
  expect(meaning(`${NODE}      kind: ceos`)).toBe("Arista cEOS");
  expect(meaning(`${NODE}      kind: arista_veos`)).toContain("Arista vEOS: It does not run here");
  expect(meaning("topology:\n  nodes:\n    leaf1")).toBeNull();
  expect(meaning(`${NODE}      image: kind`)).toBeNull();
  expect(meaning("topology:\n  kinds:\n    ceos")).toBe("Arista cEOS");
});

test("a node's group is one of those that the file has", () => {
  expect(labels(`${NODE}      group: `)).toEqual(["leaves", "spines"]);
});
