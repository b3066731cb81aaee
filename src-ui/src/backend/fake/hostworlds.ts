/** Hosts in all the states that they can be in, by the name of the world. */

import type { ErrorReport } from "../generated/ErrorReport";
import type { HostStanding } from "../generated/HostStanding";
import type { HostView } from "../generated/HostView";
import type { JobState } from "../generated/JobState";
import { hostMoments, type HostJobScript, type NodeScript, type PhaseScript } from "./hostjobs";
import { FACTS, NO_HOSTS, type HostWorld } from "./hosts";
import { commitOf, csvPlan, listPlan, NODES, ownPlan } from "./plans";
import { jobId, statesAt, type Moment } from "./timeline";
import { foundIn, foundOdd } from "./verified";

/** What a world has of hosts: they, and what happens to jobs that work there. */
export interface HostScene {
  hosts: HostWorld;
  moments: Moment[];
}

const TARGET = "/workspace/ComfyUI";
const PLAN = "custom_nodes.csv";
const WISH = { host: "gpu-7", file: `/home/ada/${PLAN}`, target: TARGET, venv: null };
const SUGGESTIONS = ["build-box", "jump.example.net", "lab-server", "rented-a100"];

const CONNECTED: HostStanding = { type: "connected", round_trip: 38 };
const KEY: HostStanding = { type: "key_unknown", key: { algorithm: "ED25519", fingerprint: "SHA256:yI3p1Cq0v8o5mWfN2sXbTgk7LrEJd9hQzUa4BnMx6Yw" } };

const silent: ErrorReport = {
  code: "host_unreachable", message: "host rented-a100 does not answer", chain: ["ssh: connect to host 203.0.113.40 port 40022: Connection timed out"],
  hints: ["Check that the machine runs, and that its address and port are still the same: rented machines change them."],
};
const changed: ErrorReport = {
  code: "host_key_changed", message: "host lab-server shows another key than the one that ssh knows", chain: ["the known key is SHA256:1pXq…, in line 14 of ~/.ssh/known_hosts", "it shows SHA256:Zt0a…"],
  hints: ["The machine was installed anew, or somebody stands between you and it. Ask whoever runs it. Only if the key was changed on purpose, remove the old one with ssh-keygen -R lab-server, and test again."],
};

function view(name: string, change: Partial<HostView> = {}): HostView {
  return { host: { name, destination: name, port: null, identity: null, ssh_config: null }, resolved: `root@${name}.lab:2207`, standing: CONNECTED, facts: { ...FACTS, hostname: name }, jobs: [], ...change };
}

const LONG = "a-machine-with-a-name-of-more-than-forty-characters-in-rack-12";

/** One host in each state. */
const four = (): HostView[] => [
  view("gpu-7"),
  view("lab-server", { standing: { type: "unreachable", error: changed }, facts: null }),
  view("new-box", { standing: KEY, facts: null, resolved: "ada@203.0.113.77:22" }),
  view("rented-a100", { standing: { type: "unreachable", error: silent }, facts: { ...FACTS, hostname: "c4f1", home_writable: false, engine_problem: "permission denied", git: null } }),
];

const items = (done: number, total: number): NonNullable<PhaseScript["progress"]> => ({ done, total, unit: "items", rate: null });

/** A node that is installed in so many milliseconds. */
function installed(index: number, begins: number, requirements?: string): NodeScript {
  const name = NODES[index] ?? `node-${index}`;
  const pinned = index % 3 === 1 ? "" : " · pinned";
  const phases: PhaseScript[] = [{ name: "Receiving objects", takes: 6000, progress: items(2143, 2143) }, { name: "Checking out files", takes: 900, progress: items(412, 412) }];
  if (requirements) phases.push({ name: "Requirements", takes: 14_000, lines: ["Collecting numpy", requirements] });
  return { name, begins, phases, said: `${commitOf(index).slice(0, 7)}${pinned}` };
}

/** As in the look: fourteen nodes have ended, one of them badly, and two are worked on. */
function running(names = NODES): NodeScript[] {
  return names.map((name, index): NodeScript => {
    if (index === 0) return { name, begins: 10, skipped: "already installed" };
    if (index < 12) return { ...installed(index, 1000 + index * 26_000), name };
    if (index === 12) return { ...installed(index, 318_000, "9 packages"), name };
    if (index === 13) return { name, begins: 335_000, phases: [{ name: "Receiving objects", takes: 3100 }], fails: "clone: repository not found" };
    if (index === 14) return { name, begins: 344_000, phases: [{ name: "Receiving objects", progress: items(5180, 8931) }] };
    if (index === 15) return { name, begins: 339_000, phases: [{ name: "Receiving objects", takes: 18_000 }, { name: "Requirements", lines: ["Collecting numba==0.56.4", "installing numba"] }] };
    return { name };
  });
}

/** When the job of the look was asked for. */
const began = (now: number): number => now - 372_300;

const script = (now: number, change: Partial<HostJobScript> = {}): HostJobScript => ({ kind: "install", host: "gpu-7", plan: PLAN, target: TARGET, at: began(now), nodes: running(), ...change });

const all = (count = NODES.length): NodeScript[] => NODES.slice(0, count).map((_, index) => installed(index, index * 20_000, index % 4 === 0 ? "3 packages" : undefined));

function past(now: number): JobState[] {
  const verified = script(now - 68_000_000, { kind: "verify", nodes: all(31).map(({ name }, index) => ({ name, begins: index * 40, phases: [{ name: "Verify", takes: 30 }] })), ends: { after: 1300, outcome: { type: "succeeded", result: foundOdd(NODES, WISH) } } });
  const moments = [
    ...hostMoments({ ...script(now - 70_000_000), nodes: all(31), ends: { after: 1_120_000, outcome: { type: "succeeded", result: null } } }),
    ...hostMoments(verified),
  ];
  return statesAt(Infinity, moments).reverse();
}

const plans = (): HostWorld["plans"] => ({ [WISH.file]: csvPlan(), "/home/ada/lab.toml": ownPlan(), "/home/ada/custom-node-list.json": listPlan(2400) });

const world = (hosts: HostView[], change: Partial<HostWorld> = {}): HostWorld => ({ ...NO_HOSTS, state: { hosts, suggestions: SUGGESTIONS, problem: null }, plans: plans(), ...change });

/** gpu-7 with a job on it, and what happens to that. */
function working(now: number, change: Partial<HostJobScript> = {}, host: Partial<HostView> = {}): HostScene {
  const made = script(now, change);
  const isOver = made.ends !== undefined && made.at + 2300 + made.ends.after + 5001 <= now;
  const moments = hostMoments(made);
  const history = [...(isOver ? statesAt(now, moments) : []), ...past(now)];
  return { hosts: world([view("gpu-7", { jobs: isOver ? [] : [jobId(made.at)], ...host })], { history: { "gpu-7": history } }), moments };
}

const FAILED: ErrorReport = { code: "install_failed", message: "3 of 34 nodes could not be installed on gpu-7", chain: ["ComfyUI-Flux-Kit: clone: repository not found", "was-node-suite-comfyui: pip: ERROR: No matching distribution found for numba==0.56.4"], hints: ["Retry does only what failed: what was installed is kept."] };

function failed(now: number): HostScene {
  const nodes = all().map((node, index): NodeScript => {
    const begins = index * 9000;
    if (index === 13) return { name: node.name, begins, phases: [{ name: "Receiving objects", takes: 3100 }], fails: "clone: repository not found" };
    if (index === 15) return { name: node.name, begins, phases: [{ name: "Receiving objects", takes: 4000 }, { name: "Requirements", takes: 9000, lines: ["ERROR: No matching distribution found for numba==0.56.4"] }], fails: "requirements: pip exited with 1: No matching distribution found for numba==0.56.4 (from versions: 0.59.0, 0.59.1, 0.60.0, 0.61.2)" };
    if (index === 33) return { name: node.name, begins, phases: [{ name: "Receiving objects", takes: 100 }], fails: "local changes: nodes.py, web/inpaint.js" };
    return index === 0 ? { name: node.name, begins, skipped: "already installed" } : { ...node, begins };
  });
  return working(now, { nodes, ends: { after: 330_000, outcome: { type: "failed", error: FAILED } } });
}

/** Forty nodes with long names at once, on a host with one. */
function forty(now: number): HostScene {
  const nodes = Array.from({ length: 40 }, (_, index): NodeScript => ({
    name: `${NODES[index % NODES.length]}-with-a-much-longer-name-than-usual-${index}`,
    begins: 300_000 + index * 100,
    phases: index % 2 ? [{ name: "Receiving objects", progress: items(100 * index, 8931) }] : [{ name: "Submodule extern/a-library-that-is-kept-elsewhere", takes: 9000 }, { name: "Requirements", waits: "pip, which works for another node", lines: ["Collecting a-package-with-quite-a-long-name-too==1.2.3"] }],
  }));
  const scene = working(now, { host: LONG, nodes, plan: "a-list-of-custom-nodes-that-has-a-rather-long-file-name.csv", target: "/workspace/of/somebody/with/a/deep/tree/of/folders/ComfyUI/custom_nodes" });
  const [host] = scene.hosts.state.hosts;
  return { ...scene, hosts: world([{ ...host!, host: { ...host!.host, name: LONG }, resolved: `somebody-with-a-long-name@${LONG}.example.net:2207` }]) };
}

const opened = (hosts: HostView[], change: Partial<HostWorld> = {}): (() => HostScene) => () => ({ hosts: world(hosts, change), moments: [] });

export const HOST_SCENES: Record<string, (now: number) => HostScene> = {
  "hosts-empty": () => ({ hosts: { ...NO_HOSTS, state: { ...NO_HOSTS.state, suggestions: SUGGESTIONS } }, moments: [] }),
  hosts: (now) => {
    const scene = working(now);
    return { ...scene, hosts: world([...scene.hosts.state.hosts, ...four().slice(1), view(LONG, { standing: { type: "unknown" }, facts: null })], { history: scene.hosts.history, answers: { "new-box": KEY, "rented-a100": { type: "unreachable", error: silent }, "lab-server": { type: "unreachable", error: changed } } }) };
  },
  "hosts-unread": () => ({
    hosts: { ...NO_HOSTS, state: { hosts: [], suggestions: [], problem: { code: "hosts_read", message: "the file of hosts cannot be read", chain: ["TOML parse error at line 3, column 1: unknown field `adress`"], hints: ["Correct /home/ada/.config/labwright/hosts.toml, or move it away. Nothing is written over it."] } } },
    moments: [],
  }),
  host: (now) => opened([view("gpu-7")], { history: { "gpu-7": past(now).slice(1) } })(),
  "host-new": opened([view("new-box", { standing: { type: "unknown" }, facts: null })], { answers: { "new-box": KEY } }),
  "host-key": opened([view("new-box", { standing: KEY, facts: null, resolved: "ada@203.0.113.77:22" })], { answers: { "new-box": KEY } }),
  "host-changed": opened([four()[1]!]),
  "host-unreachable": opened([four()[3]!], { answers: { "rented-a100": { type: "unreachable", error: silent } } }),
  "host-own": () => ({ hosts: { ...world([view("gpu-7", { facts: { ...FACTS, engine: "Docker 28.5.2", systemd: true, setsid: true } })]), plans: { "/home/ada/lab.toml": ownPlan() } }, moments: [] }),
  "host-list": () => ({ hosts: { ...world([view("gpu-7")]), plans: { "/home/ada/custom-node-list.json": listPlan(2400) } }, moments: [] }),
  "host-running": (now) => working(now),
  "host-began": (now) => working(now, { at: now - 900 }),
  "host-cut": (now) => working(now, { cut: 350_000 }, { standing: { type: "unreachable", error: { ...silent, message: "host gpu-7 does not answer" } } }),
  "host-failed": failed,
  "host-lost": (now) => working(now, { ends: { after: 360_000, outcome: { type: "lost", why: "there is neither an end nor a process of it on gpu-7: it may have been restarted" } } }),
  "host-cancelled": (now) => working(now, { ends: { after: 360_000, outcome: { type: "cancelled", by: "user" } } }),
  "host-installed": (now) => working(now, { nodes: all().map((node, index) => ({ ...node, begins: index * 9000 })), ends: { after: 330_000, outcome: { type: "succeeded", result: null } } }),
  "host-verified": (now) => working(now, { kind: "verify", nodes: NODES.map((name, index) => ({ name, begins: index * 40 })), ends: { after: 300_000, outcome: { type: "succeeded", result: foundOdd(NODES, WISH) } } }),
  "host-sound": (now) => working(now, { kind: "verify", nodes: NODES.map((name, index) => ({ name, begins: index * 40 })), ends: { after: 300_000, outcome: { type: "succeeded", result: foundIn(NODES) } } }),
  "host-forty": forty,
};
