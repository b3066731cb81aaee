import type { ExampleLab } from "../../backend/generated/ExampleLab";
import type { LabSummary } from "../../backend/generated/LabSummary";
import type { LabView } from "../../backend/generated/LabView";
import { jobsOn, lastOn } from "../../domain/labwork";
import type { App } from "../../state/app.svelte";
import type { Job } from "../../state/job.svelte";
import type { LabDocument } from "./editor/document.svelte";
import type { LabPageState } from "./page.svelte";
import { TerminalDockState } from "./terminals/dock.svelte";

/** The list of labs, and the pages of those that were opened. */
export class LabsPage {
  text: string = $state("");
  key: string | null = $state(null);
  /** The lab whose plan is to be shown as soon as its page is. */
  planning: string | null = null;
  examples: ExampleLab[] = $state.raw([]);
  forgetting: LabSummary | null = $state.raw(null);
  readonly dock: TerminalDockState;
  #app: App;
  #pages = new Map<string, { page: LabPageState; end: () => void }>();
  // Tells who counts pages: the map is changed in place.
  #opened: number = $state(0);

  readonly labs: LabSummary[] = $derived.by(() => {
    const words = this.text.toLowerCase().split(/\s+/);
    return this.#app.labs.all.filter((lab) => words.every((word) => `${lab.name} ${lab.file} ${lab.owner}`.toLowerCase().includes(word)));
  });
  readonly index: number = $derived.by(() => this.labs.findIndex((lab) => lab.key === this.key));
  readonly selected: LabSummary | null = $derived.by(() => this.labs[this.index] ?? null);

  /** How many files and captures would be lost with the window's page. */
  readonly unsavedFiles: number = $derived.by(() => {
    void this.#opened;
    return [...this.#pages.values()].filter(({ page }) => page.document?.isDirty).length;
  });
  readonly unsavedCaptures: number = $derived.by(() => this.dock.tabs.filter((tab) => tab.type === "capture" && tab.isUnsaved).length);

  constructor(app: App) {
    this.#app = app;
    this.dock = new TerminalDockState(app);
  }

  /** The page of a lab: the same again when the user comes back to it. Its class comes with the first lab that is opened. */
  pageOf(lab: LabView, Page: typeof LabPageState): LabPageState {
    const known = this.#pages.get(lab.key);
    // Its file may have come since: only a new page can edit it.
    if (known && (known.page.document !== null || !lab.file_is_there)) return known.page;
    known?.end();
    let made: LabPageState | undefined;
    // It outlives the component that asks for it first.
    const end = $effect.root(() => {
      made = new Page(this.#app, lab, this.dock);
    });
    if (!made) throw new Error("an effect's root runs at once");
    this.#pages.set(lab.key, { page: made, end });
    this.#opened += 1;
    return made;
  }

  /** Its file where that was changed here, and not saved: the changes stay until it is. */
  unsaved(lab: LabSummary): LabDocument | null {
    const document = this.#pages.get(lab.key)?.page.document;
    return document?.isDirty ? document : null;
  }

  /** Whether files or captures would be lost with the window's page. */
  get hasUnsaved(): boolean {
    return this.unsavedFiles + this.unsavedCaptures > 0;
  }

  /** Takes a lab off the list, with all that was not saved of it. Fails with an `ErrorReport`. */
  async forget(lab: LabSummary): Promise<void> {
    await this.#app.backend.forgetLab(lab.key);
    this.#pages.get(lab.key)?.end();
    this.#pages.delete(lab.key);
    this.#opened += 1;
  }

  select(index: number): void {
    this.key = this.labs[index]?.key ?? null;
  }

  async open(key: string): Promise<void> {
    this.key = key;
    this.#app.labs.key = key;
    const isOpen = await this.#app.does((backend) => backend.openLab(key));
    if (!isOpen && this.#app.labs.key === key) this.#app.labs.key = null;
  }

  close(): void {
    this.#app.labs.key = null;
    void this.#app.ask((backend) => backend.closeLab());
  }

  async choose(what: "file" | "folder"): Promise<void> {
    const key = await this.#app.ask((backend) => backend.chooseLab(what));
    if (key) await this.open(key);
  }

  /** The labs that come with Labwright, once they were asked for. */
  /** A lab that is opened shall not have to wait for what draws it. */
  warm(): void {
    void import("./LabPage.svelte");
    void import("./drawing/elk").then(({ layouter }) => layouter.warm());
  }

  async loadExamples(): Promise<void> {
    if (this.examples.length === 0) this.examples = (await this.#app.askAside((backend) => backend.examples())) ?? [];
  }

  /** Writes one of them where the user keeps documents, and opens it. */
  async makeExample(name: string): Promise<void> {
    const key = await this.#app.ask((backend) => backend.makeExample(name));
    if (key) await this.open(key);
  }

  /** Whether it can be taken off the list: what is deployed would come back at once. */
  canForget(lab: LabSummary): boolean {
    return !lab.deployed && lab.file !== "";
  }

  /**
   * Starts the nodes that do not run. A lab that is not deployed is, unless something is in the way, or its file has
   * changes that are not saved: then the plan is shown, which says so.
   */
  async start(lab: LabSummary): Promise<void> {
    if (lab.deployed) {
      await this.#app.ask((backend) => backend.powerLab({ lab: lab.name, nodes: [], action: "start" }));
      return;
    }
    if (this.unsaved(lab)) return this.#openPlan(lab);
    const wish = { file: lab.file, pull: false, import: [], anew: false };
    const plan = await this.#app.ask((backend) => backend.planLab(wish));
    if (plan?.obstacles.length === 0) await this.#app.ask((backend) => backend.deployLab(wish));
    else if (plan) await this.#openPlan(lab);
  }

  async #openPlan(lab: LabSummary): Promise<void> {
    this.planning = lab.key;
    await this.open(lab.key);
  }

  async stop(lab: LabSummary): Promise<void> {
    await this.#app.ask((backend) => backend.powerLab({ lab: lab.name, nodes: [], action: "stop" }));
  }

  /** The job that works on a lab, or the last that did. */
  jobOf(lab: LabSummary): Job | null {
    const { jobs, labs } = this.#app;
    const [running] = jobsOn(jobs.active, lab.name, labs.elsewhere);
    return running ?? lastOn(jobs.ended, lab, labs.elsewhere);
  }
}
