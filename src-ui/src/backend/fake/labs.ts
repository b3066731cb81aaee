import type { CaptureEvent } from "../generated/CaptureEvent";
import type { CaptureWish } from "../generated/CaptureWish";
import type { DeployWish } from "../generated/DeployWish";
import type { EndRate } from "../generated/EndRate";
import type { ErrorReport } from "../generated/ErrorReport";
import type { ExampleLab } from "../generated/ExampleLab";
import type { LabEdit } from "../generated/LabEdit";
import type { LabLink } from "../generated/LabLink";
import type { LabNode } from "../generated/LabNode";
import type { LabPlan } from "../generated/LabPlan";
import type { LabSummary } from "../generated/LabSummary";
import type { LabsState } from "../generated/LabsState";
import type { LabText } from "../generated/LabText";
import type { LabView } from "../generated/LabView";
import type { LabWords } from "../generated/LabWords";
import type { LinkWish } from "../generated/LinkWish";
import type { NodePosition } from "../generated/NodePosition";
import type { Part } from "../generated/Part";
import type { PowerWish } from "../generated/PowerWish";
import type { RunEvent } from "../generated/RunEvent";
import type { RunWish } from "../generated/RunWish";
import type { SavedConfigurations } from "../generated/SavedConfigurations";
import type { SavedFiles } from "../generated/SavedFiles";
import type { Started } from "../generated/Started";
import type { TerminalEvent } from "../generated/TerminalEvent";
import type { TerminalWish } from "../generated/TerminalWish";
import { countNodes } from "../../words/labs";
import type { LabBackend } from "../labs";
import { labMoments, type LabScript } from "./labjobs";
import { FakeRuns } from "./runs";
import { FakeTerminals } from "./terminals";
import { FakeTexts } from "./texts";
import type { Moment } from "./timeline";
import { HOST, summaryOf, Topology } from "./topologies";
import { labWords } from "./words";

/** What is known of labs. */
export interface LabWorld {
  all: LabView[];
  /** The key of the one that is open. */
  open: string | null;
  plan: LabPlan;
  /** What passes the open one while somebody looks. */
  rates: EndRate[];
  error?: ErrorReport;
}

export const NO_PLAN: LabPlan = { steps: [], kept: [], notes: [], obstacles: [] };
export const NO_LABS: LabWorld = { all: [], open: null, plan: NO_PLAN, rates: [] };

const EXAMPLES: ExampleLab[] = [
  { name: "two-hosts", title: "Two hosts", about: "Two small Linux hosts and a link: open a shell, and ping." },
  { name: "routers", title: "Three routers", about: "FRRouting with OSPF, each joined with the others: set a link down, and see the way change." },
  { name: "fabric", title: "A fabric", about: "Two spines, four leaves with FRRouting, and a host at each leaf." },
];

/** How long a node takes to start or stop here, in milliseconds. */
const TAKES = 2000;

/** What the engine has, then what was opened last, then the others by name. */
function byUse(one: LabSummary, other: LabSummary): number {
  if (one.deployed !== other.deployed) return one.deployed ? -1 : 1;
  return (other.opened ?? 0) - (one.opened ?? 0) || (one.name < other.name ? -1 : 1);
}

/** Labs that do nothing but what they are told. */
export abstract class FakeLabs implements LabBackend {
  readonly terminals = new FakeTerminals();
  readonly runs = new FakeRuns();
  /** Files that folders of the user have. */
  readonly files = new Set<string>();
  #labs: LabWorld;
  #texts = new FakeTexts();
  #ended = new Map<string, () => void>();

  constructor(labs: LabWorld) {
    this.#labs = structuredClone(labs);
  }

  abstract readonly now: () => number;
  protected abstract note(name: string, ...given: unknown[]): void;
  /** Tells that something else than a job changed. */
  abstract tell(part: Part): void;
  /** Lets a job begin now. */
  protected abstract begin(moments: (at: number, number: number) => Moment[]): Started;

  get labsState(): LabsState {
    return { engine: "engine-1", listed: true, labs: this.#labs.all.map(summaryOf).sort(byUse), elsewhere: [], error: this.#labs.error ?? null };
  }

  get openedLab(): LabView | null {
    return this.#labs.all.find(({ key }) => key === this.#labs.open) ?? null;
  }

  /** Changes a lab and tells it. */
  changeLab(key: string, change: (lab: LabView) => LabView): void {
    this.#labs.all = this.#labs.all.map((lab) => {
      if (lab.key !== key) return lab;
      const after = change(lab);
      this.terminals.nodesChanged(lab, after);
      return after;
    });
    this.tell({ part: "labs", state: this.labsState });
    if (key === this.#labs.open) this.tell({ part: "lab", state: this.openedLab });
  }

  /** A job ended: what it was to achieve is so. */
  protected labJobEnded(job: string): void {
    this.#ended.get(job)?.();
    this.#ended.delete(job);
  }

  async openLab(key: string): Promise<void> {
    this.note("openLab", key);
    this.#labs.open = key;
    this.tell({ part: "lab", state: this.openedLab });
  }

  async closeLab(): Promise<void> {
    this.note("closeLab");
    this.#labs.open = null;
    this.tell({ part: "lab", state: null });
  }

  async watchTraffic(watched: boolean): Promise<void> {
    this.note("watchTraffic", watched);
    const lab = this.openedLab;
    this.tell({ part: "traffic", state: { lab: watched && lab ? lab.name : "", ends: watched && lab ? this.#labs.rates : [] } });
  }

  async chooseLab(what: "file" | "folder"): Promise<string | null> {
    this.note("chooseLab", what);
    return this.#labs.all[0]?.key ?? null;
  }

  async addLabs(paths: string[]): Promise<string | null> {
    this.note("addLabs", paths);
    return this.#labs.all.find(({ file }) => paths.includes(file))?.key ?? null;
  }

  async examples(): Promise<ExampleLab[]> {
    this.note("examples");
    return structuredClone(EXAMPLES);
  }

  async makeExample(name: string): Promise<string> {
    this.note("makeExample", name);
    const lab = new Topology(name, `/home/ada/Documents/Labwright/${name}/${name}.clab.yml`);
    const made = lab.node("host1", HOST).node("host2", HOST).link("host1:eth1", "host2:eth1").absent().view();
    this.#labs.all = [...this.#labs.all, made];
    this.tell({ part: "labs", state: this.labsState });
    return made.key;
  }

  async forgetLab(key: string): Promise<void> {
    this.note("forgetLab", key);
    this.#labs.all = this.#labs.all.filter((lab) => lab.key !== key);
    this.tell({ part: "labs", state: this.labsState });
  }

  async planLab(wish: DeployWish): Promise<LabPlan> {
    this.note("planLab", wish);
    const { plan } = this.#labs;
    if (!wish.pull) return structuredClone(plan);
    const rest = plan.obstacles.filter(({ code }) => code !== "image_missing");
    const missing = plan.obstacles.filter(({ code }) => code === "image_missing");
    const pulls = missing.map(({ message }) => {
      const object = /image (\S+)/.exec(message)?.[1] ?? "";
      return { kind: "pull", object, why: "", words: `pull ${object}` };
    });
    return structuredClone({ ...plan, obstacles: rest, steps: rest.length ? [] : [...pulls, ...plan.steps] });
  }

  async deployLab(wish: DeployWish): Promise<Started> {
    this.note("deployLab", wish);
    const lab = this.#labs.all.find(({ file }) => file === wish.file);
    return this.#work("deploy", "Deploy", lab?.name ?? "", [], (node) => ({ ...node, standing: "ready", since: "2026-11-21T12:06:00Z" }), "up");
  }

  async destroyLab(lab: string, keepState: boolean): Promise<Started> {
    this.note("destroyLab", lab, keepState);
    return this.#work("destroy", "Destroy", lab, [], (node) => ({ ...node, standing: "absent", since: "" }), "absent");
  }

  async powerLab(wish: PowerWish): Promise<Started> {
    this.note("powerLab", wish);
    const stops = wish.action === "stop";
    const word = wish.action.charAt(0).toUpperCase() + wish.action.slice(1);
    return this.#work(wish.action, word, wish.lab, wish.nodes, (node) => ({ ...node, standing: stops ? "stopped" : "ready", since: stops ? "" : "2026-11-21T12:06:00Z" }));
  }

  async saveLab(lab: string, nodes: string[]): Promise<SavedConfigurations> {
    this.note("saveLab", lab, nodes);
    const saved = this.#saving(lab, nodes);
    const path = "/mnt/flash/startup-config";
    return { nodes: saved.map((node) => ({ node, path, volume: `labwright-${lab}-${node}-flash`, bytes: 11_900 })), failure: null };
  }

  async saveLabInto(lab: string, nodes: string[], folder: string | null): Promise<SavedFiles | null> {
    this.note("saveLabInto", lab, nodes, folder);
    const names = this.#saving(lab, nodes).map((node) => `${node}.cfg`);
    const in_the_way = folder === null ? names.filter((name) => this.files.has(name)) : [];
    const written = in_the_way.length ? [] : names;
    for (const name of written) this.files.add(name);
    return { folder: folder ?? "/home/ada/configs", written, in_the_way, failure: null };
  }

  #saving(lab: string, nodes: string[]): string[] {
    const all = this.#labs.all.find(({ name }) => name === lab)?.nodes ?? [];
    return all.filter((node) => node.saves && (nodes.length === 0 || nodes.includes(node.name))).map(({ name }) => name);
  }

  async changeLink(lab: string, wish: LinkWish): Promise<void> {
    this.note("changeLink", lab, wish);
    const known = this.#labs.all.find(({ name }) => name === lab);
    if (!known) return;
    this.changeLab(known.key, (view) => {
      const links = changed(view.links, wish);
      return { ...view, nodes: wish.type === "connect" ? seeing(view.nodes, links) : view.nodes, links };
    });
  }

  async readLab(file: string): Promise<LabText> {
    this.note("readLab", file);
    return this.#texts.read(this.#withFile(file));
  }

  async writeLab(file: string, text: string, revision: string): Promise<string> {
    this.note("writeLab", file, text, revision);
    const written = this.#texts.write(this.#withFile(file), text, revision);
    this.changeLab(written.key, () => written);
    return written.revision;
  }

  async checkLab(file: string, text: string): Promise<LabView> {
    this.note("checkLab", file, text);
    return this.#texts.check(this.#withFile(file), text);
  }

  async editLab(file: string, text: string, edit: LabEdit): Promise<string> {
    this.note("editLab", file, text, edit);
    return this.#texts.edit(text, edit);
  }

  /** Another program writes a file. */
  writeOutside(file: string, text: string): void {
    const written = this.#texts.replace(this.#withFile(file), text);
    this.changeLab(written.key, () => written);
  }

  #withFile(file: string): LabView {
    const lab = this.#labs.all.find((known) => known.file === file);
    if (!lab) throw new Error(`there is no lab ${file}`);
    return lab;
  }

  async placeNodes(file: string, positions: NodePosition[]): Promise<void> {
    this.note("placeNodes", file, positions);
    const lab = this.#labs.all.find((known) => known.file === file);
    if (lab) this.changeLab(lab.key, (view) => ({ ...view, positions }));
  }

  async labWords(): Promise<LabWords> {
    this.note("labWords");
    return labWords();
  }

  async runInNodes(wish: RunWish, told: (event: RunEvent) => void): Promise<number> {
    this.note("runInNodes", wish);
    return this.runs.begin(wish, told);
  }

  async endRun(run: number): Promise<void> {
    this.note("endRun", run);
    this.runs.end(run);
  }

  async openTerminal(wish: TerminalWish, output: (bytes: Uint8Array) => void, told: (event: TerminalEvent) => void): Promise<number> {
    this.note("openTerminal", wish);
    return this.terminals.openTerminal(wish, output, told);
  }

  async typeInto(terminal: number, text: string): Promise<void> {
    this.note("typeInto", terminal, text);
    this.terminals.type(terminal, text);
  }

  async resizeTerminal(terminal: number, columns: number, rows: number): Promise<void> {
    this.note("resizeTerminal", terminal, columns, rows);
  }

  async closeTerminal(terminal: number): Promise<void> {
    this.note("closeTerminal", terminal);
    this.terminals.close(terminal);
  }

  async startCapture(wish: CaptureWish, told: (event: CaptureEvent) => void): Promise<number> {
    this.note("startCapture", wish);
    return this.terminals.startCapture(wish, told, this.now());
  }

  async stopCapture(capture: number): Promise<void> {
    this.note("stopCapture", capture);
    this.terminals.stopCapture(capture);
  }

  async saveCapture(capture: number): Promise<boolean> {
    this.note("saveCapture", capture);
    return true;
  }

  async openCapture(capture: number): Promise<void> {
    this.note("openCapture", capture);
  }

  async dropCapture(capture: number): Promise<void> {
    this.note("dropCapture", capture);
    this.terminals.dropCapture(capture);
  }

  /** A job that does something to nodes of a lab, and what they are then. */
  #work(kind: LabScript["kind"], word: string, lab: string, nodes: string[], becomes: (node: LabNode) => LabNode, links?: LabLink["standing"]): Started {
    const view = this.#labs.all.find(({ name }) => name === lab);
    const chosen = (view?.nodes ?? []).map(({ name }) => name).filter((name) => nodes.length === 0 || nodes.includes(name));
    const stages = kind === "stop" || kind === "destroy" ? [] : [{ name: "Start", takes: TAKES }];
    const title = `${word} ${nodes.length ? `${nodes.join(", ")} of ${lab}` : lab} on Docker 28.5`;
    const script = { kind, lab, title, nodes: chosen.map((name) => ({ name, stages })), ends: TAKES };
    const started = this.begin((at, number) => labMoments({ ...script, at }, number));
    this.#ended.set(started.job, () => {
      if (!view) return;
      this.changeLab(view.key, (now) => {
        const after = now.nodes.map((node) => (chosen.includes(node.name) ? becomes(node) : node));
        const counts = countNodes(after);
        const joined = links ? now.links.map((link) => ({ ...link, standing: links })) : now.links;
        return { ...now, nodes: links === "up" ? seeing(after, joined) : after, links: joined, deployed: kind !== "destroy" && (now.deployed || counts.ready > 0) };
      });
    });
    return started;
  }
}

/** Nodes whose ports see a carrier at each link that is up. */
function seeing(nodes: LabNode[], links: LabLink[]): LabNode[] {
  const up = new Set(links.filter(({ standing }) => standing === "up").flatMap(({ ends }) => ends.map(({ end }) => end)));
  return nodes.map((node) => ({ ...node, ports: node.ports.map((port) => (up.has(`${node.name}:${port.name}`) ? { ...port, wired: true, carrier: true } : port)) }));
}

function changed(links: LabLink[], wish: LinkWish): LabLink[] {
  const has = (link: LabLink, end: string): boolean => link.ends.some((one) => one.end === end);
  switch (wish.type) {
    case "connect": {
      const end = (name: string): LabLink["ends"][0] => ({ end: name, node: name.split(":")[0] ?? "", port: name.split(":")[1] ?? "" });
      const none = { delay_us: 0, jitter_us: 0, loss_ppm: 0, corruption_ppm: 0, rate_bps: 0 };
      return [...links, { ends: [end(wish.ends[0]), end(wish.ends[1])], number: null, place: null, standing: "up", reason: "", impairments: [none, none] }];
    }
    case "disconnect":
      return links.flatMap((link) => (!has(link, wish.end) ? [link] : link.number === null ? [] : [{ ...link, standing: "absent" as const }]));
    case "set":
      return links.map((link) => (has(link, wish.end) ? { ...link, standing: wish.up ? "up" : "down" } : link));
    case "impair":
      return links.map((link) => {
        const [a, b] = link.impairments;
        if (link.ends[0].end === wish.end) return { ...link, impairments: [wish.impairments, b] };
        return link.ends[1].end === wish.end ? { ...link, impairments: [a, wish.impairments] } : link;
      });
  }
}
