import { Jobs } from "../../state/jobs.svelte";
import { asReport } from "../../state/report";
import { fullName, sameReference } from "../../words/reference";
import type { Backend } from "../backend";
import type { Batch } from "../generated/Batch";
import type { Change } from "../generated/Change";
import type { HistoryPage } from "../generated/HistoryPage";
import type { HistoryQuery } from "../generated/HistoryQuery";
import type { ImageDetail } from "../generated/ImageDetail";
import type { ImportWish } from "../generated/ImportWish";
import type { JobEvent } from "../generated/JobEvent";
import type { JobRecord } from "../generated/JobRecord";
import type { JobState } from "../generated/JobState";
import type { LeaveAnswer } from "../generated/LeaveAnswer";
import type { LibraryImage } from "../generated/LibraryImage";
import type { Opening } from "../generated/Opening";
import type { Part } from "../generated/Part";
import type { Place } from "../generated/Place";
import type { PullWish } from "../generated/PullWish";
import type { ReferenceState } from "../generated/ReferenceState";
import type { Settings } from "../generated/Settings";
import type { Started } from "../generated/Started";
import type { Unsaved } from "../generated/Unsaved";
import { historyPage } from "./history";
import { FakeHosts } from "./hosts";
import { details } from "./library";
import { pullMoments, sizes } from "./pulls";
import { importMoments, jobId, type Moment } from "./timeline";
import type { World } from "./worlds";

/** A program that does nothing but play a script. Its time moves when it is told to. */
export class FakeBackend extends FakeHosts implements Backend {
  /** What was asked, in order, for tests to look at. */
  readonly asked: { name: string; given: unknown[] }[] = [];
  /** What the next question of a name fails with; it then never succeeds until the entry is taken away. */
  readonly failures = new Map<string, unknown>();
  #world: World;
  #now: number;
  #ahead: Moment[];
  #jobs = new Jobs();
  #records: JobRecord[];
  #seq = 0;
  #stream = 0;
  #number = 0;
  #deliver: ((batch: Batch) => void) | undefined;
  #started = 0;

  constructor(world: World) {
    super(world.labs, world.hosts);
    this.#world = { ...world };
    this.#now = world.now;
    this.#records = [...world.history];
    this.#ahead = [...world.moments].sort((a, b) => a.at - b.at);
    this.#due();
    for (const [name, error] of Object.entries(world.failures ?? {})) this.failures.set(name, error);
  }

  readonly now = (): number => this.#now;

  /** Lets time pass, and delivers what happened in one batch. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const events = this.#due();
    if (events.length) this.push(events, this.#arrived(events));
    this.terminals.advance(milliseconds, this.#now);
    this.runs.advance(milliseconds);
    this.#tellEnds(events);
  }

  #tellEnds(events: JobEvent[]): void {
    for (const { job, change } of events) {
      if (change.type !== "finished") continue;
      this.labJobEnded(job);
      this.hostJobEnded(job);
    }
  }

  /** Delivers events and parts as they are, in one batch. */
  push(jobs: JobEvent[], parts: Part[] = []): void {
    this.#deliver?.({ stream: this.#stream, number: ++this.#number, jobs, parts });
  }

  /** Changes a part of the world and tells it. */
  tell(part: Part): void {
    if (part.part === "engine") this.#world.engine = part.state;
    if (part.part === "images") this.#world.images = part.state;
    if (part.part === "settings") this.#world.settings = part.state;
    if (part.part === "offer") this.#world.offer = part.state;
    if (part.part === "references") this.#world.pulled = part.state.map(({ reference }) => reference);
    if (part.part === "others") this.#world.others = part.state;
    if (part.part === "leaving") this.#world.leaving = part.state;
    this.push([], [part]);
  }

  /** Numbers a change, and takes it over. */
  event(job: string, change: Change): JobEvent {
    const event = { job, seq: ++this.#seq, at: this.#now, change };
    this.#jobs.apply(event);
    return event;
  }

  /** Loses a batch on its way. */
  lose(): void {
    this.#number += 1;
  }

  async open(deliver: (batch: Batch) => void): Promise<Opening> {
    if (this.#world.isSilent) return new Promise(() => {});
    this.note("open");
    this.#deliver = deliver;
    this.#number = 0;
    this.#stream += 1;
    const { engine, images, settings, offer, leaving, others } = this.#world;
    const jobs = { seq: this.#seq, jobs: this.#jobs.all.map((job) => job.toState()) };
    return structuredClone({ stream: this.#stream, jobs, others, engine, images, references: this.#references, settings, offer, leaving, labs: this.labsState, lab: this.openedLab, hosts: this.hostsState, handed_over: null, version: "0.1.0" });
  }

  async offer(sources: string[]): Promise<void> {
    this.note("offer", sources);
    this.tell({ part: "offer", state: this.#world.offers.asking });
  }

  async chooseFiles(): Promise<void> {
    this.note("chooseFiles");
    this.tell({ part: "offer", state: this.#world.offers.asking });
  }

  async settleOffer(offer: number, wishes: ImportWish[]): Promise<Started[]> {
    this.note("settleOffer", offer, wishes);
    this.tell({ part: "offer", state: null });
    return wishes.map((wish) => this.#import(wish.source.split("/").pop() ?? wish.source, wish.reference ?? "image:latest"));
  }

  async dismissOffer(offer: number): Promise<void> {
    this.note("dismissOffer", offer);
    this.tell({ part: "offer", state: null });
  }

  async pull(wish: PullWish): Promise<Started> {
    this.note("pull", wish);
    return this.#pull(fullName(wish.reference).replace(/^docker\.io\/(?:library\/(?!.*\/))?/, ""));
  }

  async cancelJob(id: string): Promise<boolean> {
    this.note("cancelJob", id);
    const job = this.#jobs.get(id);
    if (!job?.isActive) return false;
    this.#ahead = this.#ahead.filter((moment) => moment.job !== id);
    const open = job.steps.filter((step) => step.isOpen).map((step) => step.id).reverse();
    const ends = open.map((step) => this.event(id, { type: "step_finished", step, outcome: { type: "cancelled" } }));
    const events = [...ends, this.event(id, { type: "finished", outcome: { type: "cancelled", by: "user" } })];
    this.push(events, this.#arrived(events));
    this.hostJobEnded(id);
    return true;
  }

  async retryJob(id: string): Promise<Started> {
    this.note("retryJob", id);
    const job = this.#jobs.get(id) ?? this.#records.find((record) => record.job.id === id)?.job;
    if (job?.kind === "pull") return this.#pull(job.subject ?? "");
    const onHost = this.hostJob(id);
    if (onHost) return this.retryOnHost(onHost);
    const title = job?.title ?? "";
    return this.#import(title.replace(/^Import | into \S+$/g, ""), "ceos:4.35.1F");
  }

  async history(query: HistoryQuery): Promise<HistoryPage> {
    this.note("history", query);
    const ended = this.#jobs.ended.map((job) => ({ ...this.#record, job: job.toState() }));
    return structuredClone(historyPage([...ended, ...this.#records], query));
  }

  async image(name: string): Promise<ImageDetail> {
    this.note("image", name);
    return details(this.#world.images.images, name);
  }

  async removeImage(name: string, force: boolean): Promise<void> {
    this.note("removeImage", name, force);
    const images = this.#world.images.images
      .map((image) => ({ ...image, references: image.references.filter((reference) => reference !== name) }))
      .filter((image) => image.id !== name && (image.references.length > 0 || !this.#had(image.id, name)));
    this.tell({ part: "images", state: { ...this.#world.images, images } });
  }

  async renameImage(from: string, to: string, replace: boolean): Promise<void> {
    this.note("renameImage", from, to, replace);
    const images = this.#world.images.images.map((image) => ({
      ...image,
      references: image.references.map((reference) => (reference === from ? to : reference)),
    }));
    this.tell({ part: "images", state: { ...this.#world.images, images } });
  }

  async selectEngine(name: string | null): Promise<void> {
    this.note("selectEngine", name);
    const { engine } = this.#world;
    const info = engine.found.find((found) => found.name === name) ?? engine.found[0];
    if (info) this.tell({ part: "engine", state: { ...engine, selected: { info, free_space: 48 * 2 ** 30, health: { type: "up" } }, problem: null } });
  }

  async findEngines(): Promise<void> {
    this.note("findEngines");
  }

  async changeSettings(settings: Settings): Promise<void> {
    this.note("changeSettings", settings);
    this.tell({ part: "settings", state: { ...this.#world.settings, settings } });
  }

  async openPlace(place: Place): Promise<void> {
    this.note("openPlace", place);
  }

  async diagnostics(): Promise<string> {
    this.note("diagnostics");
    return "Labwright 0.1.0\nDebian GNU/Linux 12, x86_64, kernel 6.1.0\nDocker 28.5.2, API 1.51, containerd store, unix:///var/run/docker.sock\nWebKitGTK 2.50.4\nhistory 412 jobs, 1.20 MiB\n";
  }

  async copy(text: string): Promise<void> {
    this.note("copy", text);
  }

  async noteUnsaved(unsaved: Unsaved): Promise<void> {
    this.note("noteUnsaved", unsaved);
  }

  async leave(answer: LeaveAnswer): Promise<void> {
    this.note("leave", answer);
    this.tell({ part: "leaving", state: null });
  }

  protected jobState(id: string): JobState | null {
    return this.#jobs.get(id)?.toState() ?? null;
  }

  protected note(name: string, ...given: unknown[]): void {
    this.asked.push({ name, given: structuredClone(given) });
    if (this.failures.has(name)) throw asReport(this.failures.get(name));
  }

  /** Takes over what has happened by now. */
  #due(): JobEvent[] {
    const end = this.#ahead.findIndex((moment) => moment.at > this.#now);
    const due = this.#ahead.splice(0, end < 0 ? this.#ahead.length : end);
    return due.map(({ at, job, change }) => {
      const event = { job, seq: ++this.#seq, at, change };
      this.#jobs.apply(event);
      return event;
    });
  }

  #import(file: string, reference: string): Started {
    const script = { file, reference, facts: "Arista cEOS · 4.35.1F · amd64 · root file system · xz", length: 590 * 2 ** 20, size: 2.46 * 2 ** 30 };
    return this.begin((at, number) => importMoments({ ...script, at }, number));
  }

  protected begin(moments: (at: number, number: number) => Moment[]): Started {
    const number = ++this.#started;
    this.#ahead = [...this.#ahead, ...moments(this.#now, number)].sort((a, b) => a.at - b.at);
    this.advance(0);
    return { job: jobId(this.#now, number), resumed: false };
  }

  /** Begins a pull, or joins the one that runs. */
  #pull(reference: string): Started {
    const running = this.#jobs.active.find((job) => job.kind === "pull" && job.subject === reference);
    if (running) return { job: running.id, resumed: true };
    this.#world.pulled = [reference, ...this.#world.pulled.filter((known) => known !== reference)];
    return this.begin((at, number) => pullMoments({ at, reference, layers: sizes(12) }, number));
  }

  get #references(): ReferenceState[] {
    const pulls = this.#jobs.active.filter((job) => job.kind === "pull");
    return this.#world.pulled.map((reference) => {
      const job = pulls.find(({ subject }) => subject === reference);
      const image = this.#world.images.images.find(({ references }) => references.some((name) => sameReference(name, reference)));
      if (job) return { reference, presence: { state: "pulling", job: job.id } };
      return { reference, presence: image ? { state: "present", id: image.id } : { state: "missing" } };
    });
  }

  /** What begins and ends of pulls change besides the jobs. */
  #arrived(events: JobEvent[]): Part[] {
    const touched = events.filter(({ job, change }) => this.#jobs.get(job)?.kind === "pull" && (change.type === "subject" || change.type === "finished"));
    if (touched.length === 0) return [];
    const brought = touched.flatMap(({ job, change, at }) => (change.type === "finished" && change.outcome.type === "succeeded" ? [this.#image(job, at)] : []));
    if (brought.length === 0) return [{ part: "references", state: this.#references }];
    const names = brought.flatMap(({ references }) => references);
    const others = this.#world.images.images
      .map((image) => ({ ...image, references: image.references.filter((name) => !names.includes(name)) }))
      .filter((image) => !brought.some(({ id }) => id === image.id));
    this.#world.images = { ...this.#world.images, images: [...brought, ...others] };
    return [{ part: "images", state: this.#world.images }, { part: "references", state: this.#references }];
  }

  #image(id: string, at: number): LibraryImage {
    const reference = this.#jobs.get(id)?.subject ?? "";
    return { references: [reference], id: `sha256:${id.repeat(4).slice(0, 64)}`, kind: null, title: null, version: null, architecture: "amd64", size: 780 * 2 ** 20, source: null, used_by: [], created: Math.floor(at / 1000), imported: null };
  }

  #had(id: string, name: string): boolean {
    return this.#world.images.images.some((image) => image.id === id && image.references.includes(name));
  }

  get #record(): Omit<JobRecord, "job"> {
    return { key: null, request: null, process: { pid: 1, started: 1, boot: "" } };
  }
}
