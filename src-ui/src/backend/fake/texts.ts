/** Files of labs: what is in them, what is wrong with them, and what an edit makes of them. */

import type { ErrorReport } from "../generated/ErrorReport";
import type { FileProblem } from "../generated/FileProblem";
import type { LabEdit } from "../generated/LabEdit";
import type { LabLink } from "../generated/LabLink";
import type { LabNode } from "../generated/LabNode";
import type { LabText } from "../generated/LabText";
import type { LabView } from "../generated/LabView";
import type { TextPlace } from "../generated/TextPlace";
import { edited, textOf } from "./labtexts";
import { CLEAR } from "./topologies";
import { labWords } from "./words";

/** The file of a fabric of seven nodes, as somebody wrote it by hand. */
export const SAMPLE = `# The fabric of the first data centre: two spines, three leaves, and a host at either end.
name: dc1

topology:
  kinds:
    arista_ceos:
      image: ceos:4.34.2F
    linux:
      image: wbitt/network-multitool:3.22.2
  nodes:
    # Spines only forward.
    spine1:
      kind: arista_ceos
      startup-config: configs/spine1.cfg
    spine2:
      kind: arista_ceos
      startup-config: configs/spine2.cfg
    leaf1:
      kind: arista_ceos
      memory: 2GiB
    leaf2:
      kind: arista_ceos
    leaf3:
      kind: arista_ceos
      x-rack: [b, 12] # ours, for the inventory
    host1:
      kind: linux
      exec:
        - ip address add 10.1.0.10/24 dev eth1
    host2:
      kind: linux
      exec:
        - ip address add 10.3.0.10/24 dev eth1
  links:
    - endpoints: ["spine1:eth1", "leaf1:eth49"]
    - endpoints: ["spine1:eth2", "leaf2:eth49"]
    - endpoints: ["spine1:eth3", "leaf3:eth49"]
    - endpoints: ["spine2:eth1", "leaf1:eth50"]
    - endpoints: ["spine2:eth2", "leaf2:eth50"]
    - endpoints: ["spine2:eth3", "leaf3:eth50"]
    # Hosts have one port each.
    - endpoints: ["leaf1:eth1", "host1:eth1"]
    - endpoints: ["leaf3:eth1", "host2:eth1"]
`;

/** The same with two mistakes and a warning. */
export const MISTAKEN = SAMPLE.replace("name: dc1\n", "name: dc1\nprefxi: clab\n")
  .replace("leaf2:\n      kind: arista_ceos", "leaf2:\n      kind: arista_ceso")
  .replace("spine1:eth3", "spin1:eth3");

const NODE_LINE = /^ {4}([\w.-]+):/;
const END = /"([\w.-]+):([^"]+)"/g;

/** What a file says, as far as files here are read at all. */
interface Read {
  nodes: { name: string; kind: string; place: TextPlace }[];
  links: { ends: { node: string; port: string; place: TextPlace }[]; place: TextPlace }[];
  keys: { key: string; place: TextPlace }[];
  kinds: { kind: string; place: TextPlace }[];
}

/** Files and their revisions. */
export class FakeTexts {
  #files = new Map<string, LabText>();
  /** What was read last without a mistake. */
  #good = new Map<string, Pick<LabView, "nodes" | "links">>();
  #written = 0;

  read(lab: LabView): LabText {
    const known = this.#files.get(lab.file);
    if (known) return known;
    const isFabric = lab.name === "dc1" && lab.nodes.length === 7;
    const text = !isFabric ? textOf(lab) : lab.problems.length ? MISTAKEN : SAMPLE;
    return this.#keep(lab.file, text, lab.revision);
  }

  /** Writes a file, unless it was changed since; the lab as it is then. */
  write(lab: LabView, text: string, revision: string): LabView {
    if (this.read(lab).revision !== revision) throw changedOutside(lab.file);
    return this.replace(lab, text);
  }

  /** Writes a file as another program would. */
  replace(lab: LabView, text: string): LabView {
    const written = this.#keep(lab.file, text, `${lab.revision || "0"}.${++this.#written}`);
    return { ...this.check(lab, text), revision: written.revision };
  }

  check(lab: LabView, text: string): LabView {
    const read = readText(text);
    const problems = problemsOf(read);
    if (!problems.some((problem) => problem.is_error)) this.#good.set(lab.file, { nodes: nodesOf(read, lab), links: linksOf(read, lab) });
    return { ...lab, ...(this.#good.get(lab.file) ?? { nodes: placed(read, lab.nodes), links: lab.links }), problems };
  }

  edit(text: string, edit: LabEdit): string {
    const taken = edit.type === "add_node" ? edit.name : edit.type === "rename_node" ? edit.to : "";
    if (taken && readText(text).nodes.some(({ name }) => name === taken)) throw nameTaken(taken);
    return edited(text, edit);
  }

  #keep(file: string, text: string, revision: string): LabText {
    const kept = { text, revision };
    this.#files.set(file, kept);
    return kept;
  }
}

function changedOutside(file: string): ErrorReport {
  return { code: "topology_changed", message: `${file} was changed by another program since it was read`, chain: [], hints: ["Look at what has changed, then save again."] };
}

function nameTaken(name: string): ErrorReport {
  return { code: "lab_edit", message: `a node is called ${name} already`, chain: [], hints: ["Choose another name."] };
}

/** What is wrong with a text. */
export function problemsIn(text: string): FileProblem[] {
  return problemsOf(readText(text));
}

/** Nodes that are known anyway, where the text names them. */
function placed(read: Read, nodes: LabNode[]): LabNode[] {
  return nodes.map((node) => ({ ...node, place: read.nodes.find(({ name }) => name === node.name)?.place ?? null }));
}

function readText(text: string): Read {
  const read: Read = { nodes: [], links: [], keys: [], kinds: [] };
  let section = "";
  for (const [index, line] of text.split("\n").entries()) {
    const at = (column: number): TextPlace => ({ line: index + 1, column: column + 1 });
    const key = /^([\w-]+):/.exec(line)?.[1];
    if (key) read.keys.push({ key, place: at(0) });
    section = /^ {2}(\w+):/.exec(line)?.[1] ?? section;
    const name = section === "nodes" ? NODE_LINE.exec(line)?.[1] : undefined;
    if (name) read.nodes.push({ name, kind: "", place: at(4) });
    const kind = /^( {6}kind: )(\S+)/.exec(line);
    const node = read.nodes.at(-1);
    if (kind?.[1] && kind[2] && node) {
      node.kind = kind[2];
      read.kinds.push({ kind: kind[2], place: at(kind[1].length) });
    }
    const dash = section === "links" ? line.indexOf("- endpoints:") : -1;
    if (dash < 0) continue;
    const ends = [...line.matchAll(END)].map((end) => ({ node: end[1] ?? "", port: end[2] ?? "", place: at(end.index) }));
    read.links.push({ ends, place: at(dash + 2) });
  }
  return read;
}

function problemsOf(read: Read): FileProblem[] {
  const words = labWords();
  const names = read.nodes.map(({ name }) => name);
  const keys = words.keys.filter(({ within }) => within === "").map(({ key }) => key);
  const kinds = words.kinds.flatMap(({ name, aliases }) => [name, ...aliases]);
  const odd = read.keys.filter(({ key }) => !keys.includes(key)).map(({ key, place }) => problem(false, place, `key \`${key}\` of the file is not known, and has no effect`, key, keys));
  const unknown = read.kinds.filter(({ kind }) => !kinds.includes(kind)).map(({ kind, place }) => problem(true, place, `kind \`${kind}\` is not known`, kind, kinds));
  const loose = read.links.flatMap(({ ends }, index) =>
    ends.filter(({ node }) => ![...names, "host", "mgmt-net", "macvlan", "dummy"].includes(node)).map(({ node, place }) => problem(true, place, `node \`${node}\` in link ${index + 1} is not defined`, node, names)),
  );
  return [...odd, ...unknown, ...loose].sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}

/** With the word that has the same letters, if there is one. */
function problem(is_error: boolean, place: TextPlace, message: string, word: string, known: string[]): FileProblem {
  const letters = (text: string): string => [...text].sort().join("");
  const close = known.find((one) => letters(one) === letters(word) || letters(one) === letters(`${word}e`));
  return { is_error, place, message, suggestion: close ? `did you mean \`${close}\`?` : null };
}

function nodesOf(read: Read, lab: LabView): LabNode[] {
  return read.nodes.map(({ name, kind, place }) => {
    const known = lab.nodes.find((node) => node.name === name);
    const title = labWords().kinds.find((word) => word.name === kind || word.aliases.includes(kind))?.title ?? kind;
    const ports = read.links.flatMap(({ ends }) => ends.filter(({ node }) => node === name)).map(({ port }) => ({ name: port, written: port, wired: false, carrier: false, problem: "" }));
    if (known) return { ...known, place, ports: [...known.ports, ...ports.filter(({ name: port }) => !known.ports.some((other) => other.name === port))] };
    return { name, kind, kind_title: title, image: "", form: "container", place, standing: "absent", reason: "", container: "", ipv4: "", ipv6: "", since: "", restarts: 0, ports, saves: false };
  });
}

function linksOf(read: Read, lab: LabView): LabLink[] {
  return read.links.flatMap(({ ends: [a, b], place }, index): LabLink[] => {
    if (!a || !b) return [];
    const named = [a, b].map(({ node, port }) => ({ end: `${node}:${port}`, node, port })) as LabLink["ends"];
    const known = lab.links.find(({ ends }) => ends[0].end === named[0].end && ends[1].end === named[1].end);
    if (known) return [{ ...known, number: index + 1, place }];
    return [{ ends: named, number: index + 1, place, standing: "absent", reason: "", impairments: [CLEAR, CLEAR] }];
  });
}
