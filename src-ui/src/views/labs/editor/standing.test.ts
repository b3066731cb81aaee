import { expect, test } from "vitest";
import { keysAt, keysBelow, standingAt, type Standing } from "./standing";

/** Where the `|` of a text stands. */
function at(text: string): Standing | null {
  const lines = text.split("\n");
  const line = lines.findIndex((one) => one.includes("¦"));
  const column = lines[line]?.indexOf("¦") ?? 0;
  return standingAt(lines.map((one) => one.replace("¦", "")), line, column);
}

/** The same in a line: `key topology.nodes.leaf1 ki`. */
function said(text: string): string {
  const found = at(text);
  return found ? `${found.what} ${found.path.join(".")}${found.key && ` of ${found.key}`} “${found.typed}”` : "nothing";
}

const LAB = "name: dc1\ntopology:\n  nodes:\n    leaf1:\n      kind: linux\n";

test.each([
  ["¦", "key  “”"],
  ["na¦", "key  “na”"],
  ["name:¦", "nothing"],
  ["name: d¦", "value  of name “d”"],
  ["name: dc1 # what ¦", "nothing"],
  [`${LAB}      ¦`, "key topology.nodes.leaf1 “”"],
  [`${LAB}      im¦`, "key topology.nodes.leaf1 “im”"],
  [`${LAB}    ¦`, "key topology.nodes “”"],
  [`${LAB}  ¦`, "key topology “”"],
  [`${LAB}        ¦`, "key topology.nodes.leaf1.kind “”"],
  [`${LAB}      image: "ce¦`, "value topology.nodes.leaf1 of image “ce”"],
  [`${LAB}      image: "ceos"¦`, "nothing"],
  [`${LAB}      image: &x ce¦`, "value topology.nodes.leaf1 of image “ce”"],
  [`${LAB}      exec: |\n        kind: ¦`, "nothing"],
  [`${LAB}      exec: |\n        one\n\n      ki¦`, "key topology.nodes.leaf1 “ki”"],
  [`${LAB}      cap-add:\n        - NET_¦`, "item topology.nodes.leaf1.cap-add.- of cap-add “NET_”"],
  [`${LAB}      cap-add:\n      - NET_¦`, "item topology.nodes.leaf1.cap-add.- of cap-add “NET_”"],
  [`${LAB}      cap-add:\n      - NET_ADMIN\n      ki¦`, "key topology.nodes.leaf1 “ki”"],
  [`${LAB}      cap-add: [NET_ADMIN, NET_¦`, "item topology.nodes.leaf1.cap-add.- of cap-add “NET_”"],
  ["topology:\n  nodes:\n    leaf1: { ki¦", "key topology.nodes.leaf1 “ki”"],
  ["topology:\n  nodes:\n    leaf1: { kind: ar¦ }", "value topology.nodes.leaf1 of kind “ar”"],
  ["topology:\n  nodes:\n    leaf1: { dns: { servers: [9.9.9.9], se¦", "key topology.nodes.leaf1.dns “se”"],
  ["topology:\n  nodes:\n    leaf1: { kind: linux }\n    ¦", "key topology.nodes “”"],
  ["topology:\n  nodes:\n    leaf1: {\n      kind: linux,\n      ¦", "key topology.nodes.leaf1 “”"],
  ["topology:\n  nodes:\n    leaf1: { kind: linux\n    leaf2:\n      ¦", "key topology.nodes.leaf2 “”"],
  ["topology:\n  links:\n    - ¦", "item topology.links.- of links “”"],
  ["topology:\n  links:\n    -¦", "nothing"],
  ["topology:\n  links:\n    - endpoints: [\"le¦", "item topology.links.-.endpoints.- of endpoints “le”"],
  ["topology:\n  links:\n    - endpoints: [\"leaf1:eth1\", \"leaf2:e¦\"]", "item topology.links.-.endpoints.- of endpoints “leaf2:e”"],
  ["topology:\n  links:\n    - endpoints: [leaf1:eth1, ¦]", "item topology.links.-.endpoints.- of endpoints “”"],
  ["topology:\n  links:\n    - endpoints: [\"leaf1:eth1\"¦", "nothing"],
  ["topology:\n  links:\n    - endpoints: [\"a:b\", \"c:d\"]\n      m¦", "key topology.links.- “m”"],
  ["topology:\n  links:\n    - endpoints: [\"a:b\", \"c:d\"]¦", "nothing"],
  ["topology:\n  links:\n    - type: veth\n      endpoints:\n        - { node: leaf1, interface: e¦", "value topology.links.-.endpoints.- of interface “e”"],
  ["topology:\n  links:\n    - endpoints: # which\n        - leaf1:e¦", "item topology.links.-.endpoints.- of endpoints “leaf1:e”"],
  ["# key: ¦", "nothing"],
])("%j stands at %s", (text, expected) => {
  expect(said(text)).toBe(expected);
});

test("what an interface's end names before is known, in braces and below each other", () => {
  expect(at("endpoints:\n  - { node: spine1, interface: ¦")?.node).toBe("spine1");
  expect(at("endpoints:\n  - node: \"leaf 2\"\n    interface: e¦")?.node).toBe("leaf 2");
});

test("what was typed begins after its quote", () => {
  expect(at('    - endpoints: ["leaf1:e¦')?.from).toBe(19);
  expect(at("kind: ar¦")?.from).toBe(6);
});

test("keys of the same map are known, those before and those after", () => {
  expect(at(`${LAB}      ima¦`)?.beside).toEqual(["kind"]);
  expect(at("leaf1: { kind: linux, im¦")?.beside).toEqual(["kind"]);
  expect(at("links:\n  - mtu: 1500\n    ¦")?.beside).toEqual(["mtu"]);
  const lines = ["      ", "      image: x", "      # why: so", "      env:", "        A: 1", "", "      cpu: 1", "    leaf2:", "      memory: 1"];
  expect(keysBelow(lines, 0, 6)).toEqual(["image", "env", "cpu"]);
});

test("a file of thousands of lines is read before the test is given up", () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => (index % 4 ? `      key${index}: { a: [1, "2"] }` : `    node${index}:`));
  expect(standingAt([...lines, "      "], 20_000, 6)).not.toBeNull();
});

test.each([
  ["topology:\n  groups:\n    leaves:\n      kind: linux\n    spines: {kind: linux}\n  nodes:\n    a:\n      group: leaves\n", ["leaves", "spines"]],
  ["topology: {groups: {leaves: {kind: linux}, spines: {}}, nodes: {a: {}}}\n", ["leaves", "spines"]],
  ["topology:\n  nodes:\n    groups:\n      kind: linux\n", []],
])("the groups of %j are %j", (text, groups) => {
  expect(keysAt(text.split("\n"), "topology.groups")).toEqual(groups);
});
