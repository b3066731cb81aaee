/** Labs of all sizes, as a program would tell them. */

import { countNodes } from "../../words/labs";
import type { LabLink } from "../generated/LabLink";
import type { LabLinkStanding } from "../generated/LabLinkStanding";
import type { LabNode } from "../generated/LabNode";
import type { LabSummary } from "../generated/LabSummary";
import type { LabView } from "../generated/LabView";
import type { LinkImpairments } from "../generated/LinkImpairments";

interface Kind {
  kind: string;
  title: string;
  image: string;
  saves: boolean;
}

export const CEOS: Kind = { kind: "arista_ceos", title: "Arista cEOS", image: "ceos:4.34.2F", saves: true };
export const XRD: Kind = { kind: "cisco_xrd", title: "Cisco XRd", image: "xrd-control-plane:24.4.1", saves: true };
export const SRLINUX: Kind = { kind: "nokia_srlinux", title: "Nokia SR Linux", image: "ghcr.io/nokia/srlinux:25.3.1", saves: true };
export const FRR: Kind = { kind: "linux", title: "Linux", image: "quay.io/frrouting/frr:10.5.1", saves: false };
export const HOST: Kind = { kind: "linux", title: "Linux", image: "wbitt/network-multitool:3.22.2", saves: false };
const BRIDGE: Kind = { kind: "bridge", title: "Bridge", image: "", saves: false };

export const CLEAR: LinkImpairments = { delay_us: 0, jitter_us: 0, loss_ppm: 0, corruption_ppm: 0, rate_bps: 0 };

/** When the nodes of a lab that runs were started. */
const SINCE = "2026-11-21T11:58:20Z";

/** A lab in the making: nodes first, and then what joins them. */
export class Topology {
  readonly nodes: LabNode[] = [];
  readonly links: LabLink[] = [];
  readonly name: string;
  readonly file: string;

  constructor(name: string, file = `/home/ada/labs/${name}/${name}.clab.yml`) {
    this.name = name;
    this.file = file;
  }

  node(name: string, kind: Kind, change: Partial<LabNode> = {}): this {
    const number = this.nodes.length + 2;
    const form = kind === BRIDGE ? "switch" : "container";
    this.nodes.push({
      name,
      kind: kind.kind,
      kind_title: kind.title,
      image: kind.image,
      form,
      place: { line: 6 + this.nodes.length * 3, column: 5 },
      standing: "ready",
      reason: "",
      container: form === "switch" ? "" : `clab-${this.name}-${name}`,
      ipv4: form === "switch" ? "" : `172.20.${20 + Math.floor(number / 250)}.${number % 250}`,
      ipv6: form === "switch" ? "" : `3fff:172:20:20::${number.toString(16)}`,
      since: SINCE,
      restarts: 0,
      ports: [],
      saves: kind.saves,
      ...change,
    });
    return this;
  }

  bridge(name: string): this {
    return this.node(name, BRIDGE);
  }

  /** Joins two ports: `leaf1:eth1`. An end outside of the lab is told with what it is: `host:uplink=uplink of the host`. */
  link(from: string, to: string, change: Partial<LabLink> = {}): this {
    const standing: LabLinkStanding = change.standing ?? "up";
    const end = (written: string): LabLink["ends"][0] => {
      const [name = "", said] = written.split("=");
      const [node = "", port = ""] = name.split(":");
      const owner = this.nodes.find((known) => known.name === node);
      if (owner) owner.ports.push({ name: port, written: port, wired: standing !== "absent", carrier: standing === "up", problem: "" });
      return { end: name, node: owner ? node : "", port: owner ? port : (said ?? port) };
    };
    const number = this.links.length + 1;
    this.links.push({
      ends: [end(from), end(to)],
      number,
      place: { line: 60 + number, column: 7 },
      standing,
      reason: "",
      impairments: [CLEAR, CLEAR],
      ...change,
    });
    return this;
  }

  /** Ports that no link uses yet. */
  spare(node: string, ...ports: string[]): this {
    const owner = this.nodes.find((known) => known.name === node);
    for (const name of ports) owner?.ports.push({ name, written: name, wired: true, carrier: false, problem: "" });
    return this;
  }

  /** The same where nothing runs. */
  absent(): this {
    for (const node of this.nodes) Object.assign(node, { standing: "absent", since: "", ipv4: "", ipv6: "", ports: node.ports.map((port) => ({ ...port, wired: false, carrier: false })) });
    for (const link of this.links) link.standing = "absent";
    return this;
  }

  change(name: string, change: Partial<LabNode>): this {
    const node = this.nodes.find((known) => known.name === name);
    if (node) Object.assign(node, change);
    return this;
  }

  view(change: Partial<LabView> = {}): LabView {
    return {
      file_is_there: (change.file ?? this.file) !== "" && change.error?.code !== "lab_file_gone",
      key: this.file,
      name: this.name,
      file: this.file,
      revision: "1",
      owner: "ada",
      ours: true,
      deployed: this.nodes.some(({ standing }) => standing !== "absent"),
      last_job: null,
      known: true,
      problems: [],
      nodes: this.nodes,
      links: this.links,
      positions: [],
      error: null,
      ...change,
    };
  }
}

/** Two spines, three leaves and two hosts. */
export function fabric(): Topology {
  const lab = new Topology("dc1");
  for (const name of ["spine1", "spine2", "leaf1", "leaf2", "leaf3"]) lab.node(name, CEOS);
  lab.node("host1", HOST).node("host2", HOST);
  for (const [spine, uplink] of [["spine1", "eth49"], ["spine2", "eth50"]] as const) {
    for (const leaf of [1, 2, 3]) lab.link(`${spine}:eth${leaf}`, `leaf${leaf}:${uplink}`);
  }
  lab.link("leaf1:eth1", "host1:eth1").link("leaf3:eth1", "host2:eth1");
  return lab.spare("leaf1", "eth2", "eth3").spare("leaf2", "eth1", "eth2").spare("host1", "eth2");
}

/** Routers of which each is joined with the next, and the last with the first. */
export function ring(name: string, nodes: number): Topology {
  const lab = new Topology(name);
  for (let number = 1; number <= nodes; number += 1) lab.node(`r${number}`, FRR);
  for (let number = 1; number <= nodes; number += 1) lab.link(`r${number}:eth1`, `r${(number % nodes) + 1}:eth2`);
  return lab;
}

/** Twenty nodes of several kinds, with a switch and a way out. */
export function provider(): Topology {
  const lab = new Topology("wan");
  for (const number of [1, 2, 3, 4]) lab.node(`p${number}`, XRD);
  for (const number of [1, 2, 3, 4, 5, 6]) lab.node(`pe${number}`, number % 2 ? SRLINUX : CEOS);
  for (const number of [1, 2, 3, 4, 5, 6, 7]) lab.node(`ce${number}`, FRR);
  lab.node("rr1", FRR).node("monitor", HOST).bridge("ix-lan");
  const next = new Map<string, number>();
  const port = (node: string): string => {
    next.set(node, (next.get(node) ?? 0) + 1);
    return `${node}:eth${next.get(node)}`;
  };
  const join = (a: string, b: string): Topology => lab.link(port(a), port(b));
  for (const [a, b] of [["p1", "p2"], ["p3", "p4"], ["p1", "p3"], ["p2", "p4"], ["p1", "p4"]] as const) join(a, b);
  for (const number of [1, 2, 3, 4, 5, 6]) {
    join(`p${((number - 1) % 4) + 1}`, `pe${number}`);
    join(`p${(number % 4) + 1}`, `pe${number}`);
    join(`pe${number}`, `ce${number}`);
  }
  join("pe6", "ce7");
  join("p1", "rr1");
  join("p2", "rr1");
  for (const node of ["pe1", "pe4", "monitor"]) join("ix-lan", node);
  return lab.link(port("monitor"), "host:lw-uplink=lw-uplink of the host");
}

/** A fabric of pods: eight nodes each way up and twelve down, until there are 200. */
export function pods(): Topology {
  const lab = new Topology("fabric-200");
  for (let core = 1; core <= 8; core += 1) lab.node(`core${core}`, CEOS);
  for (let pod = 1; pod <= 16; pod += 1) {
    for (const number of [1, 2, 3, 4]) lab.node(`p${pod}-spine${number}`, CEOS);
    for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) lab.node(`p${pod}-leaf${number}`, number < 7 ? CEOS : FRR);
    for (const spine of [1, 2]) {
      for (const leaf of [1, 2, 3, 4, 5, 6, 7, 8]) lab.link(`p${pod}-spine${spine}:eth${leaf}`, `p${pod}-leaf${leaf}:eth${48 + spine}`);
    }
    for (const spine of [3, 4]) {
      for (const leaf of [1, 2]) lab.link(`p${pod}-spine${spine}:eth${leaf}`, `p${pod}-leaf${leaf}:eth${48 + spine}`);
    }
    for (const spine of [1, 2, 3, 4]) lab.link(`p${pod}-spine${spine}:eth49`, `core${spine}:eth${pod}`);
    if (pod <= 8) lab.link(`p${pod}-spine1:eth50`, `core${4 + ((pod - 1) % 4) + 1}:eth${pod}`).link(`p${pod}-spine2:eth50`, `core${4 + (pod % 4) + 1}:eth${pod + 20}`);
  }
  return lab;
}

/** When labs were opened last; the others nobody has opened yet. */
const OPENED: Record<string, number> = { edge: Date.UTC(2026, 10, 21, 9, 41), campus: Date.UTC(2026, 10, 20, 15, 2), wan: Date.UTC(2026, 10, 3, 8, 0) };

/** A lab's line of the list. */
export function summaryOf(lab: LabView): LabSummary {
  const mistakes = lab.problems.filter((problem) => problem.is_error);
  const [first] = mistakes;
  return {
    key: lab.key,
    name: lab.name,
    file: lab.file,
    file_is_there: lab.file_is_there,
    opened: OPENED[lab.name] ?? null,
    owner: lab.deployed ? lab.owner : "",
    ours: lab.ours,
    deployed: lab.deployed,
    last_job: lab.last_job,
    counts: countNodes(lab.nodes),
    mistakes: mistakes.length,
    mistake: first ? `line ${first.place.line}: ${first.message}` : null,
  };
}
