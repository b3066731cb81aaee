import type { Text } from "@codemirror/state";
import type { DeployWish } from "../../backend/generated/DeployWish";
import type { FileProblem } from "../../backend/generated/FileProblem";
import type { LabEdit } from "../../backend/generated/LabEdit";
import type { LabLink } from "../../backend/generated/LabLink";
import type { LabNode } from "../../backend/generated/LabNode";
import type { LabPower } from "../../backend/generated/LabPower";
import type { LabView } from "../../backend/generated/LabView";
import type { LinkWish } from "../../backend/generated/LinkWish";
import type { SavedConfigurations } from "../../backend/generated/SavedConfigurations";
import type { SavedFiles } from "../../backend/generated/SavedFiles";
import type { TerminalKind } from "../../backend/generated/TerminalKind";
import type { TextPlace } from "../../backend/generated/TextPlace";
import { arrivedSince, imagesOf, type ImageStanding } from "../../domain/labimages";
import { faceOf, type NodeFace } from "../../domain/labnode";
import { jobsOn, lastOn, withWork, workOf, type NodeWork } from "../../domain/labwork";
import type { App } from "../../state/app.svelte";
import type { Job } from "../../state/job.svelte";
import { busier } from "../../words/labs";
import { withDraft } from "./draft";
import { LabDocument } from "./editor/document.svelte";
import { linkIds } from "./links";
import { problemsByEntry } from "./problems";
import type { TerminalDockState } from "./terminals/dock.svelte";

/** How the lab is shown: as a drawing, as a table, or as a drawing with its file beside it. */
export type LabShow = "drawing" | "table" | "file";

/** What lies over the page, and what it is about. */
export type LabSheet =
  | { type: "plan" }
  | { type: "destroy" }
  | { type: "connect"; from: string; to: string | null; port?: string }
  /** Adds a node, or gives one another name. */
  | { type: "node"; node: string | null }
  | { type: "remove"; nodes: string[]; links: string[] }
  /** Opens very many terminals. */
  | { type: "terminals"; nodes: string[]; what: TerminalKind }
  /** Runs a command in nodes. */
  | { type: "run"; nodes: string[] };

/** More terminals are not opened at once without a question. */
const MANY_TERMINALS = 10;

/** Up to so many nodes a lab's drawing leaves room for the panel. */
const ROOMY = 12;

const NO_PROBLEMS: ReadonlyMap<string, FileProblem[]> = new Map();

/** How a selection changes: to these alone, by these as well, or by these the other way round. */
export type Selecting = "only" | "also" | "toggle";

/** What the window shows of one lab, and what the user does there. It outlives the view. */
export class LabPageState {
  readonly key: string;
  /** Consoles, logs and captures, of all labs. */
  readonly dock: TerminalDockState;
  /** The lab's file as the user edits it; none of a lab whose file nobody knows, or is not on this machine. */
  readonly document: LabDocument | null;
  show: LabShow = $state("drawing");
  /** Whether what is known of the lab, or of what is chosen, stands beside it: always, never, or only of what is chosen. */
  panel: "open" | "closed" | "chosen" = $state("open");
  /** What the table lists. */
  tableOf: "nodes" | "links" = $state("nodes");
  /** What the table is searched for. */
  search: string = $state("");
  /** Where the user moved the drawing's view to; null while all of it is in sight. */
  viewport: { x: number; y: number; zoom: number } | null = null;
  /** Names of nodes, and ids of links: an id has a space, which a name has not. */
  selection: ReadonlySet<string> = $state.raw(new Set());
  /** The node of the drawing where the keyboard is. */
  active: string | null = $state(null);
  sheet: LabSheet | null = $state.raw(null);
  /** What came of the last time that configurations were saved. */
  saved: SavedConfigurations | null = $state.raw(null);
  /** What came of writing them into a folder. */
  files: SavedFiles | null = $state.raw(null);
  isSaving: boolean = $state(false);
  /** The failed job that the user has read about. */
  dismissed: string | null = $state(null);
  #app: App;
  #opened: LabView;

  readonly #told: LabView = $derived.by(() => (this.#app.labs.open?.key === this.key ? this.#app.labs.open : this.#opened));
  /** The lab as it was told last, with what jobs know sooner, and what the user changed in its file and has not saved. */
  readonly lab: LabView = $derived.by(() => {
    const draft = this.document?.isDirty ? this.document.draft : null;
    const known = withWork(this.#told, this.#app.labs.toldAt, this.work, this.#all.at(-1));
    return draft ? withDraft(known, draft) : known;
  });
  readonly nodes: ReadonlyMap<string, LabNode> = $derived.by(() => new Map(this.lab.nodes.map((node) => [node.name, node])));
  readonly links: ReadonlyMap<string, LabLink> = $derived.by(() => linkIds(this.lab.links));
  readonly chosenNodes: LabNode[] = $derived.by(() => this.lab.nodes.filter(({ name }) => this.selection.has(name)));
  readonly chosenLinks: string[] = $derived.by(() => [...this.links.keys()].filter((id) => this.selection.has(id)));
  /** Jobs that work on the lab now, the oldest first. */
  readonly jobs: Job[] = $derived.by(() => jobsOn(this.#app.jobs.active, this.#told.name, this.#app.labs.elsewhere));
  /** The job that worked on the lab last; none while another one works. */
  readonly #last: Job | null = $derived.by(() => (this.jobs.length > 0 ? null : lastOn(this.#app.jobs.ended, this.#told, this.#app.labs.elsewhere)));
  /** The same if it failed, and nobody has dismissed that. */
  readonly failed: Job | null = $derived.by(() => (this.#last?.outcome?.type === "failed" && this.#last.id !== this.dismissed ? this.#last : null));
  /** Jobs that worked on the lab and those that do, the oldest first. */
  readonly #all: Job[] = $derived.by(() => [...jobsOn(this.#app.jobs.ended, this.#told.name, this.#app.labs.elsewhere).reverse(), ...this.jobs]);
  /** What jobs do to nodes, or did last since the program began. */
  readonly work: ReadonlyMap<string, NodeWork> = $derived.by(() => workOf(this.#all));
  readonly images: ReadonlyMap<string, ImageStanding> = $derived.by(() => {
    const { state, toldAt } = this.#app.library;
    const { active, ended } = this.#app.jobs;
    return imagesOf(this.lab.nodes, state.listed ? state.images : null, active, this.jobs, arrivedSince(toldAt, ended, this.#all));
  });
  /** Whether a node boots: then time must pass on the screen, also where no job brings it up. */
  readonly boots: boolean = $derived.by(() => this.lab.nodes.some(({ standing }) => standing === "booting"));

  readonly #doc: Text | null = $derived.by(() => (this.document?.isRead ? this.document.state.doc : null));
  /** What is wrong with nodes and links in the file, by their names and ids. It is known once the file was read. */
  readonly problems: ReadonlyMap<string, FileProblem[]> = $derived.by(() => (this.#doc ? problemsByEntry(this.#doc, this.document?.draft ?? this.#told) : NO_PROBLEMS));

  constructor(app: App, opened: LabView, dock: TerminalDockState) {
    this.#app = app;
    this.#opened = opened;
    this.key = opened.key;
    this.dock = dock;
    // A large drawing needs the room.
    if (opened.nodes.length > ROOMY) this.panel = "chosen";
    this.document = opened.file && opened.file_is_there ? new LabDocument(app, opened.file) : null;
  }

  get hasPanel(): boolean {
    return this.panel === "open" || (this.panel === "chosen" && this.selection.size > 0);
  }

  /** Whether the user may change it: another tool's labs can only be looked at. */
  get isOurs(): boolean {
    return this.lab.ours;
  }

  /** Whether the drawing may change the file. */
  get canEdit(): boolean {
    return this.isOurs && this.document !== null;
  }

  get mistakes(): number {
    return this.lab.problems.filter((problem) => problem.is_error).length;
  }

  /** Shows a place of the file. */
  openFile(place: TextPlace): void {
    if (this.document) this.document.wanted = place;
    this.show = "file";
  }

  /** What a node is and does right now. */
  face(node: LabNode): NodeFace {
    return faceOf(node, this.workOn(node), this.images.get(node.image));
  }

  /** What tells how a node stands: the work of a job that runs, or of the last one. Earlier work counts where the node still shows that it failed. */
  workOn(node: LabNode): NodeWork | undefined {
    const work = this.work.get(node.name);
    return work && (work.job.isActive || work.job === this.#last || node.standing === "failed") ? work : undefined;
  }

  /** Bits that pass a link in a second, in its busier direction; 0 while nobody measures. */
  busyness(link: LabLink): number {
    const { rates } = this.#app.labs;
    if (rates.size === 0) return 0;
    const rate = rates.get(link.ends[0].end) ?? rates.get(link.ends[1].end);
    return rate ? busier(rate) : 0;
  }

  /** Links that begin or end at a node, by their ids. */
  linksAt(node: string): [id: string, link: LabLink][] {
    return [...this.links].filter(([, { ends }]) => ends.some((end) => end.node === node));
  }

  select(names: Iterable<string>, how: Selecting = "only"): void {
    if (how === "only") {
      this.selection = new Set(names);
      return;
    }
    const selection = new Set(this.selection);
    for (const name of names) {
      if (how === "toggle" && selection.has(name)) selection.delete(name);
      else selection.add(name);
    }
    this.selection = selection;
  }

  /** Chooses them, and shows what is known of them. */
  present(names: Iterable<string>): void {
    this.select(names);
    this.openPanel();
  }

  openPanel(): void {
    if (!this.hasPanel) this.panel = "open";
  }

  closePanel(): void {
    if (this.panel === "chosen") this.select([]);
    else this.panel = "closed";
  }

  selectAll(): void {
    this.select(this.nodes.keys());
  }

  /** Opens a console, a shell or the log of each of the nodes. Of very many that is asked first. */
  openTerminals(nodes: string[], what: TerminalKind): void {
    if (nodes.length > MANY_TERMINALS) this.sheet = { type: "terminals", nodes, what };
    else this.openAll(nodes, what);
  }

  openAll(nodes: string[], what: TerminalKind): void {
    for (const node of nodes) this.dock.open(this.lab.name, node, what);
  }

  capture(end: string): void {
    this.dock.capture(this.lab.name, end);
  }

  power(action: LabPower, nodes: string[]): Promise<unknown> {
    return this.#app.ask((backend) => backend.powerLab({ lab: this.lab.name, nodes, action }));
  }

  /** Changes links, one after the other, up to the first that cannot be. */
  changeLinks(wishes: LinkWish[]): Promise<boolean> {
    return this.#app.does(async (backend) => {
      for (const wish of wishes) await backend.changeLink(this.lab.name, wish);
    });
  }

  /** Joins two ports of the running lab. Fails with an `ErrorReport`. */
  join(ends: [string, string]): Promise<void> {
    return this.#app.backend.changeLink(this.lab.name, { type: "connect", ends });
  }

  deploy(wish: Partial<DeployWish> = {}): Promise<unknown> {
    return this.#app.ask((backend) => backend.deployLab({ ...this.wish, ...wish }));
  }

  /** A deployment of the file, with nothing brought and nothing made anew. */
  get wish(): DeployWish {
    return { file: this.lab.file, pull: false, import: [], anew: false };
  }

  /** Lets nodes save their configurations; all that can, if none is named. */
  async save(nodes: string[]): Promise<void> {
    this.isSaving = true;
    const saved = await this.#app.ask((backend) => backend.saveLab(this.lab.name, nodes));
    this.isSaving = false;
    if (!saved) return;
    this.saved = saved;
    this.files = null;
  }

  /** The same, and writes the configurations into a folder that the user chooses. In one that is given, what is in the way is replaced. */
  async saveInto(nodes: string[], folder: string | null): Promise<void> {
    this.isSaving = true;
    const files = await this.#app.ask((backend) => backend.saveLabInto(this.lab.name, nodes, folder));
    this.isSaving = false;
    if (files) this.files = files;
  }

  forgetSaved(): void {
    this.saved = null;
    this.files = null;
  }

  /** Changes the file, or its edited text. Fails with an `ErrorReport`. */
  async edit(change: LabEdit): Promise<void> {
    await this.document?.apply(change);
  }
}
