import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { ErrorReport } from "../../../backend/generated/ErrorReport";
import type { NodeStanding } from "../../../backend/generated/NodeStanding";
import type { PlanNode } from "../../../backend/generated/PlanNode";
import type { PlanView } from "../../../backend/generated/PlanView";
import type { PlanWish } from "../../../backend/generated/PlanWish";
import type { Started } from "../../../backend/generated/Started";
import type { App } from "../../../state/app.svelte";
import { asReport } from "../../../state/report";
import { isInTheWay, sourceWords } from "../../../words/hosts";

export type PlanMode = "install" | "verify";

/** How long the window waits for more to be chosen before it asks the host, in milliseconds. */
const SETTLE = 400;

/** A plan that the user is about to install on a host, or to verify there. */
export class PlanDraft {
  readonly host: string;
  readonly mode: PlanMode;
  /** The path, as it stands in its field. */
  file: string = $state("");
  target: string = $state("");
  venv: string = $state("");
  view: PlanView | null = $state.raw(null);
  text: string = $state("");
  onlyChosen: boolean = $state(false);
  /** Where the keyboard is in the table. */
  at: string | null = $state(null);
  isReading: boolean = $state(false);
  isExamining: boolean = $state(false);
  isAsked: boolean = $state(false);
  /** Why the plan could not be read, or the job not be asked for. */
  error: ErrorReport | null = $state.raw(null);
  /** Why the host could not be looked at. */
  blind: ErrorReport | null = $state.raw(null);
  readonly chosen = new SvelteSet<string>();
  readonly replaced = new SvelteSet<string>();
  readonly standings = new SvelteMap<string, NodeStanding>();
  #app: App;
  #read = 0;
  #looked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly nodes: PlanNode[] = $derived.by(() => this.view?.plan.nodes ?? []);
  readonly shown: PlanNode[] = $derived.by(() => {
    const words = this.text.toLowerCase().split(/\s+/);
    const fits = (node: PlanNode): boolean => words.every((word) => `${node.name} ${node.title ?? ""} ${sourceWords(node.source)}`.toLowerCase().includes(word));
    return this.nodes.filter((node) => (!this.onlyChosen || this.chosen.has(node.name)) && fits(node));
  });
  /** Those that are chosen, in the plan's order. */
  readonly picked: PlanNode[] = $derived.by(() => this.nodes.filter((node) => this.chosen.has(node.name)));
  readonly needsTarget: boolean = $derived.by(() => this.picked.some(({ source }) => source.kind === "git"));
  /** Those whose folder is in the way, and is left alone: they fail. */
  readonly left: PlanNode[] = $derived.by(() => this.picked.filter(({ name }) => this.isBlocked(name) && !this.replaced.has(name)));
  /** Those whose folder is replaced. */
  readonly replacing: PlanNode[] = $derived.by(() => this.picked.filter(({ name }) => this.isBlocked(name) && this.replaced.has(name)));
  /** Why it cannot be done yet; empty where it can. */
  readonly problem: string = $derived.by(() => {
    if (!this.view) return "";
    if (this.picked.length === 0) return "No node is chosen.";
    return this.needsTarget && this.target.trim() === "" ? "Repositories need a folder on the host." : targetProblem(this.target.trim());
  });

  constructor(app: App, host: string, mode: PlanMode, file: string) {
    this.#app = app;
    this.host = host;
    this.mode = mode;
    this.file = file;
  }

  get wish(): PlanWish {
    return { host: this.host, file: this.view?.file ?? this.file.trim(), target: this.target.trim() || null, venv: this.venv.trim() || null };
  }

  async choose(): Promise<void> {
    const file = await this.#app.ask((backend) => backend.choosePlan());
    if (file) await this.open(file);
  }

  /** Reads a plan, and looks what stands on the host where its nodes would go. */
  async open(file: string): Promise<void> {
    if (!file.trim()) return;
    const read = ++this.#read;
    this.file = file;
    this.isReading = true;
    try {
      const view = await this.#app.backend.openPlan({ host: this.host, file: file.trim(), target: null, venv: null });
      if (read === this.#read) this.#take(view);
    } catch (reason) {
      if (read === this.#read) this.error = asReport(reason);
    }
    if (read === this.#read) this.isReading = false;
  }

  #take(view: PlanView): void {
    this.view = view;
    this.file = view.file;
    this.target = view.target ?? view.plan.target ?? "";
    this.venv = view.plan.venv ?? "";
    this.error = null;
    this.text = "";
    this.onlyChosen = false;
    this.at = null;
    this.chosen.clear();
    this.replaced.clear();
    for (const node of view.plan.nodes) if (node.chosen && !node.obstacle) this.chosen.add(node.name);
    this.look();
  }

  isBlocked(name: string): boolean {
    return isInTheWay(this.standings.get(name)?.prospect);
  }

  toggle(node: PlanNode): void {
    if (node.obstacle) return;
    if (!this.chosen.delete(node.name)) this.chosen.add(node.name);
    this.lookSoon();
  }

  /** Chooses all of those that are shown and can be, or none of them. */
  pick(isWanted: boolean): void {
    // What is shown may be what is chosen: the list must not change while it is walked through.
    for (const { name, obstacle } of [...this.shown]) {
      if (!isWanted) this.chosen.delete(name);
      else if (!obstacle) this.chosen.add(name);
    }
    this.lookSoon();
  }

  answer(name: string, isReplaced: boolean): void {
    if (isReplaced) this.replaced.add(name);
    else this.replaced.delete(name);
  }

  /** Another target or environment: what was found before says nothing about it. */
  look(): void {
    this.standings.clear();
    this.replaced.clear();
    this.lookSoon();
  }

  /** Looks for those that were not looked for yet, once nothing changed for a moment. */
  lookSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#examine(), SETTLE);
  }

  async #examine(): Promise<void> {
    const only = this.picked.map(({ name }) => name).filter((name) => !this.standings.has(name));
    if (this.mode === "verify" || this.problem || only.length === 0 || this.#app.hosts.get(this.host)?.standing.type !== "connected") return;
    const looked = ++this.#looked;
    const wish = this.wish;
    this.isExamining = true;
    try {
      const found = await this.#app.backend.examinePlan(wish, only);
      // What stands elsewhere than where the nodes would go now is of no use.
      if (this.wish.target === wish.target && this.wish.file === wish.file) for (const standing of found) this.standings.set(standing.name, standing);
      this.blind = null;
    } catch (reason) {
      if (looked === this.#looked) this.blind = asReport(reason);
    }
    if (looked === this.#looked) this.isExamining = false;
  }

  /** Asks for the job; null where that failed. */
  async start(): Promise<Started | null> {
    if (this.problem || this.isAsked || !this.view) return null;
    this.isAsked = true;
    this.error = null;
    try {
      return await this.#ask(this.picked.map(({ name }) => name));
    } catch (reason) {
      this.error = asReport(reason);
      return null;
    } finally {
      this.isAsked = false;
    }
  }

  #ask(only: string[]): Promise<Started> {
    if (this.mode === "verify") return this.#app.backend.verify(this.wish, only);
    return this.#app.backend.install({ plan: this.wish, only, replace: this.replacing.map(({ name }) => name), jobs: null });
  }
}

/** What is wrong with a folder on the host; empty where nothing is. */
function targetProblem(target: string): string {
  return target === "" || /^(?:\/|~\/|~$)/.test(target) ? "" : "The folder on the host begins with / or ~/.";
}
