/** Labs in all the states that they can be in, by the name of the world. */

import type { EndRate } from "../generated/EndRate";
import type { ErrorReport } from "../generated/ErrorReport";
import type { LabPlan } from "../generated/LabPlan";
import type { LabView } from "../generated/LabView";
import { ceosStages, labMoments, type NodeScript } from "./labjobs";
import { NO_PLAN, type LabWorld } from "./labs";
import { CEOS, fabric, FRR, HOST, pods, provider, ring, SRLINUX, Topology } from "./topologies";
import { MISTAKEN, problemsIn } from "./texts";
import type { Moment } from "./timeline";

/** What a world has of labs: they, and what happens to jobs that work on them. */
export interface LabScene {
  labs: LabWorld;
  moments: Moment[];
}

const GBIT = 1_000_000_000;
const MBIT = 1_000_000;

const opened = (view: LabView, change: Partial<LabWorld> = {}, moments: Moment[] = []): LabScene => ({
  labs: { all: [view], open: view.key, plan: NO_PLAN, rates: [], ...change },
  moments,
});

/** What passes the fabric: a transfer from host to host, and routing protocols everywhere else. */
function rates(): EndRate[] {
  const both = (one: string, other: string, there: number, back: number): EndRate[] => [
    { end: one, sent_bps: there, received_bps: back },
    { end: other, sent_bps: back, received_bps: there },
  ];
  return [
    ...both("leaf1:eth1", "host1:eth1", 31 * MBIT, 1.24 * GBIT),
    ...both("spine1:eth1", "leaf1:eth49", 18 * MBIT, 842 * MBIT),
    ...both("spine1:eth3", "leaf3:eth49", 842 * MBIT, 18 * MBIT),
    ...both("spine2:eth1", "leaf1:eth50", 13 * MBIT, 402 * MBIT),
    ...both("spine2:eth3", "leaf3:eth50", 402 * MBIT, 13 * MBIT),
    ...both("leaf3:eth1", "host2:eth1", 1.24 * GBIT, 31 * MBIT),
    ...both("spine1:eth2", "leaf2:eth49", 3200, 2900),
  ];
}

/** As in the look: one leaf boots, one host waits for another leaf. */
function booting(now: number): LabScene {
  const lab = fabric();
  const boots = { standing: "booting", reason: "its agents and the command line to answer" } as const;
  lab.change("leaf2", boots).change("leaf3", { standing: "booting", reason: "EOS to find its platform" }).change("host2", { standing: "stopped", since: "", ipv4: "", ipv6: "" });
  const since = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
  for (const node of lab.nodes) node.since &&= since(node.name === "leaf3" ? 7 : 51);
  const view = lab.view();
  const waiting = new Set(["spine2:eth2", "leaf3:eth1"]);
  view.links = view.links.map((link) => (link.ends.some(({ end }) => waiting.has(end)) ? { ...link, standing: "waiting", reason: "its other end is not there yet" } : link));
  const ready = (name: string): NodeScript => ({ name, stages: ceosStages(12_000) });
  const nodes: NodeScript[] = [
    ready("spine1"),
    ready("spine2"),
    ready("leaf1"),
    { name: "leaf2", stages: ceosStages() },
    { name: "leaf3", turn: 44_000, waits: "its turn to start", stages: ceosStages() },
    { name: "host1", stages: [{ name: "Start", takes: 310 }, { name: "Wire", takes: 60 }] },
    { name: "host2", waits: "node leaf3 to be configured" },
  ];
  return opened(view, {}, labMoments({ kind: "deploy", lab: "dc1", at: now - 51_200, title: "Deploy dc1 on Docker 28.5", nodes }));
}

/** Of links that nobody tells of. */
const unknown = (reason: string): Pick<LabView["links"][0], "standing" | "reason"> => ({ standing: "unknown", reason });

const LEAF_FAILED = "EOS took itself for hardware, because its interfaces came too late";

function failed(now: number): LabScene {
  const lab = fabric().change("leaf2", { standing: "failed", reason: LEAF_FAILED, since: "", restarts: 3 });
  const view = lab.view();
  view.links = view.links.map((link) => (link.ends.some(({ node }) => node === "leaf2") ? { ...link, standing: "failed", reason: "leaf2 does not run" } : link));
  const error: ErrorReport = {
    code: "lab_node",
    message: `node leaf2 of lab dc1 failed: ${LEAF_FAILED}`,
    chain: ["its log says: [    2.871] modprobe rbfd: no such device"],
    hints: ["Restart the node; its interfaces are there now."],
  };
  const nodes: NodeScript[] = [
    ...["spine1", "spine2", "leaf1", "leaf3"].map((name): NodeScript => ({ name, stages: ceosStages(14_000) })),
    {
      name: "leaf2",
      stages: [
        ...ceosStages().slice(0, 3),
        {
          name: "platform",
          takes: 3100,
          lines: ["EosInitStage: waiting for the platform", "[    2.871] modprobe rbfd: no such device", "EosInitStage: platform=None, giving up"],
          fails: LEAF_FAILED,
        },
      ],
    },
    ...["host1", "host2"].map((name): NodeScript => ({ name, stages: [{ name: "Start", takes: 300 }, { name: "Wire", takes: 60 }] })),
  ];
  return opened(view, {}, labMoments({ kind: "deploy", lab: "dc1", at: now - 180_000, title: "Deploy dc1 on Docker 28.5", nodes, ends: 0, error }));
}

/** A deployment failed at one node, and what it had made was taken back. */
function undone(now: number): LabScene {
  const why = "it ended with 1; it printed last:\nmount: /mnt/flash: no space is left on the device";
  const error: ErrorReport = { code: "node_ended", message: "node leaf2 of lab dc1 failed", chain: [`node leaf2 failed at Start: ${why}`], hints: [] };
  const nodes: NodeScript[] = [
    ...["spine1", "spine2", "leaf1", "leaf3"].map((name): NodeScript => ({ name, stages: ceosStages(2000) })),
    { name: "leaf2", stages: [{ name: "Create", takes: 120 }, { name: "Start", takes: 900, fails: why }] },
  ];
  return opened(fabric().absent().view(), {}, labMoments({ kind: "deploy", lab: "dc1", at: now - 60_000, title: "Deploy dc1 on Docker 28.5", nodes, ends: 0, error }));
}

/** Many links between two nodes, links of a node with itself, and an end that is down. */
function odd(): LabView {
  const lab = new Topology("odd").node("left", CEOS).node("right", CEOS).node("below", FRR);
  for (let number = 1; number <= 9; number += 1) lab.link(`left:eth${number}`, `right:eth${number}`);
  for (const number of [1, 3, 5]) lab.link(`below:eth${number}`, `below:eth${number + 1}`);
  lab.link("left:eth10", "below:eth7").link("right:eth10", "below:eth8");
  const view = lab.view({ positions: [{ node: "left", x: 0, y: 0 }, { node: "right", x: 420, y: 20 }, { node: "below", x: 180, y: 220 }] });
  view.nodes = view.nodes.map((node) => ({ ...node, ports: node.ports.map((port) => (port.name === "eth10" ? { ...port, carrier: false } : port)) }));
  return view;
}

/** Nothing of it is deployed; one image is missing and one is being pulled. */
function missing(): LabView {
  const lab = new Topology("edge");
  lab.node("r1", { ...CEOS, image: "ceos:4.35.1F" }).node("r2", { ...CEOS, image: "ceos:4.35.1F" });
  lab.node("srl1", { ...SRLINUX, image: "ghcr.io/nokia/srlinux:24.10" }).node("srl2", SRLINUX).node("client", HOST);
  lab.link("r1:eth1", "r2:eth1").link("r1:eth2", "srl1:e1-1").link("r2:eth2", "srl2:e1-1").link("srl1:e1-2", "srl2:e1-2").link("srl2:e1-3", "client:eth1");
  return lab.absent().view();
}

const MISSING: LabPlan = {
  ...NO_PLAN,
  obstacles: [
    { code: "image_missing", node: null, message: "image ceos:4.35.1F of nodes r1 and r2 is not in Docker 28.5", hint: "lw pull ceos:4.35.1F, or lw import FILE --as ceos:4.35.1F; lw lab deploy --pull pulls on the way, --import FILE imports." },
    { code: "image_missing", node: "srl1", message: "image ghcr.io/nokia/srlinux:24.10 of node srl1 is not in Docker 28.5", hint: "lw pull ghcr.io/nokia/srlinux:24.10, or lw import FILE --as ghcr.io/nokia/srlinux:24.10; lw lab deploy --pull pulls on the way, --import FILE imports." },
  ],
};

/** What deploying the fabric again does after its file was changed. */
const CHANGES: LabPlan = {
  steps: [
    { kind: "remove_node", object: "leaf2", why: "its settings have changed", words: "remove clab-dc1-leaf2: its settings have changed" },
    { kind: "remove_node", object: "spine2", why: "its ports have changed, and it sees them only when it starts", words: "remove clab-dc1-spine2: its ports have changed, and it sees them only when it starts" },
    { kind: "create_volume", object: "clab-dc1-leaf4-flash", why: "", words: "create volume clab-dc1-leaf4-flash" },
    { kind: "create_node", object: "leaf2", why: "its settings have changed", words: "create clab-dc1-leaf2: its settings have changed" },
    { kind: "create_node", object: "spine2", why: "its ports have changed, and it sees them only when it starts", words: "create clab-dc1-spine2: its ports have changed, and it sees them only when it starts" },
    { kind: "create_node", object: "leaf4", why: "it is new", words: "create clab-dc1-leaf4: it is new" },
    { kind: "wire", object: "20 ports, 10 links", why: "", words: "wire 20 ports and 10 links" },
    { kind: "start_node", object: "leaf2", why: "", words: "start leaf2" },
    { kind: "start_node", object: "spine2", why: "", words: "start spine2" },
    { kind: "start_node", object: "leaf4", why: "", words: "start leaf4" },
    { kind: "run_commands", object: "host1", why: "", words: "run the commands of host1: they have not run since it was started" },
  ],
  kept: ["spine1", "leaf1", "leaf3", "host1", "host2"],
  notes: ["node host2 names port eth7 that no link uses: it is made all the same"],
  obstacles: [],
};

/** What deploying the fabric again does while it is as its file says. */
const NO_CHANGES: LabPlan = {
  ...NO_PLAN,
  steps: [{ kind: "wire", object: "21 ports, 8 links", why: "", words: "wire 21 ports and 8 links" }],
  kept: ["spine1", "spine2", "leaf1", "leaf2", "leaf3", "host1", "host2"],
};

const LONG = "/home/ada/work/customers/example-networks/topologies/campus-core-migration-rehearsal/campus-core-migration.clab.yml";

function mistakes(): LabView {
  return fabric().view({ problems: problemsIn(MISTAKEN) });
}

function foreign(): LabView {
  const lab = new Topology("ixp", "");
  lab.node("rs1", FRR).node("rs2", FRR).node("member1", SRLINUX).node("member2", CEOS).node("member3", FRR).bridge("lan");
  for (const [index, node] of ["rs1", "rs2", "member1", "member2", "member3"].entries()) lab.link(`${node}:eth1`, `lan:eth${index + 1}`);
  for (const node of lab.nodes) node.place = null;
  for (const link of lab.links) Object.assign(link, { number: null, place: null, ...unknown("held by containerlab, which does not tell") });
  for (const port of lab.nodes.flatMap(({ ports }) => ports)) Object.assign(port, { wired: false, carrier: false });
  return lab.view({ key: "lab:ixp", ours: false, owner: "ada" });
}

function several(now: number): LabScene {
  const frr = new Topology("frr01").node("r1", FRR).node("r2", FRR).node("r3", FRR).node("host1", HOST).node("host2", HOST).node("host3", HOST);
  const half = new Topology("evpn-lab");
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) half.node(`leaf${number}`, CEOS, number > 5 ? { standing: "stopped" } : {});
  half.change("leaf3", { standing: "failed" });
  const gone = new Topology("srv6-demo", "/home/ada/Downloads/srv6-demo/topology.clab.yml").node("a", SRLINUX).absent();
  const all = [
    booting(now).labs.all[0]!,
    { ...missing() },
    half.view(),
    frr.view(),
    foreign(),
    { ...mistakes(), name: "campus", key: "/home/ada/labs/campus/campus.clab.yml", file: "/home/ada/labs/campus/campus.clab.yml", deployed: false, nodes: [] },
    { ...gone.view(), file_is_there: false, error: { code: "lab_file_gone", message: "", hints: [], chain: [] } },
    provider().absent().view(),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  const node = (name: string): NodeScript => ({ name, stages: [{ name: "Start", takes: 1300 }, { name: "Wire", takes: 80 }] });
  const moments = [
    ...booting(now).moments,
    ...labMoments({ kind: "deploy", lab: "frr01", at: now - 960_000, title: "Deploy frr01 on Docker 28.5", nodes: ["r1", "r2", "r3", "host1", "host2", "host3"].map(node), ends: 21_400 }, 2),
    ...labMoments({ kind: "stop", lab: "wan", at: now - 4_200_000, title: "Stop wan on Docker 28.5", nodes: [], ends: 9300 }, 3),
    ...labMoments({ kind: "deploy", lab: "evpn-lab", at: now - 7_320_000, title: "Deploy evpn-lab on Docker 28.5", nodes: [node("leaf1")], ends: 64_000, error: { code: "lab_node", message: `node leaf3 of lab evpn-lab failed: ${LEAF_FAILED}`, chain: [], hints: [] } }, 4),
  ];
  return { moments, labs: { all, open: null, plan: NO_PLAN, rates: [] } };
}

function twenty(): LabScene {
  const view = provider().change("pe4", { standing: "stopped", since: "" }).view();
  const [first, second, third] = view.links;
  view.links = view.links.map((link) => {
    if (link === first) return { ...link, impairments: [{ delay_us: 20_000, jitter_us: 2000, loss_ppm: 5000, corruption_ppm: 0, rate_bps: 0 }, link.impairments[1]] };
    if (link === second) return { ...link, standing: "down" };
    return link === third ? { ...link, standing: "failed", reason: "eth2 of p3 was not found" } : link;
  });
  return opened(view);
}

/** The scene of each world, at a time. */
export const LAB_SCENES: Record<string, (now: number) => LabScene> = {
  lab: () => opened(fabric().view(), { rates: rates() }),
  "lab-booting": booting,
  "lab-failed": failed,
  "lab-undone": undone,
  "lab-odd": () => opened(odd()),
  "lab-3": () => opened(ring("triangle", 3).view()),
  "lab-ring": () => opened(ring("ring", 16).view()),
  "lab-20": twenty,
  "lab-200": () => opened(pods().view()),
  "lab-mistakes": () => opened(mistakes()),
  "lab-foreign": () => opened(foreign()),
  "lab-missing": () => opened(missing(), { plan: MISSING }),
  "lab-plan": () => opened(fabric().view(), { plan: CHANGES }),
  "lab-same": () => opened(fabric().view(), { plan: NO_CHANGES }),
  "lab-long": () => opened(fabric().view({ key: LONG, file: LONG, name: "campus-core-migration-rehearsal" })),
  "lab-destroy": () => opened(fabric().change("host2", { standing: "stopped" }).view()),
  "lab-unread": () => {
    const view = fabric().view();
    const error: ErrorReport = { code: "patchbay_silent", message: "the patchbay of lab dc1 does not answer", chain: ["the container clab-dc1-patchbay is not running"], hints: ["Apply the file again: it makes the patchbay anew, and all links with it."] };
    return opened({ ...view, error, links: view.links.map((link) => ({ ...link, ...unknown("the patchbay does not answer") })) });
  },
  labs: several,
  "labs-empty": () => ({ labs: { all: [], open: null, plan: NO_PLAN, rates: [] }, moments: [] }),
};
