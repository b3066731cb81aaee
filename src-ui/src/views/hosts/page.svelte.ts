import type { HostView } from "../../backend/generated/HostView";
import type { PlanWish } from "../../backend/generated/PlanWish";
import type { Started } from "../../backend/generated/Started";
import { asksForAttention } from "../../domain/hostjobs";
import type { App } from "../../state/app.svelte";
import { Job } from "../../state/job.svelte";
import { verifyResult } from "../../words/verified";
import { PlanDraft, type PlanMode } from "./plan/draft.svelte";

/** What the page of one host shows. */
export class HostPageState {
  readonly name: string;
  /** Jobs that ended, the newest first. */
  past: Job[] = $state.raw([]);
  isRead: boolean = $state(false);
  /** The job that the user chose to look at. */
  chosen: string | null = $state(null);
  /** Whether all nodes of the job are listed. */
  isWhole: boolean = $state(false);
  /** The node whose output is shown. */
  node: string | null = $state(null);
  /** The plan that the user is about to install or to verify. */
  draft: PlanDraft | null = $state.raw(null);
  /** The verification whose repair the user is asked about. */
  repairing: Job | null = $state.raw(null);
  #app: App;
  /** The job that ran here last, while the window was open. */
  #last: string | null = $state(null);
  #closed: string | null = $state(null);
  /** What the jobs that began here were asked for. */
  #wishes = new Map<string, PlanWish>();
  #asked = 0;

  readonly view: HostView | null = $derived.by(() => this.#app.hosts.get(this.name) ?? null);
  /** Running and waiting jobs, the oldest first. */
  readonly active: Job[] = $derived.by(() => (this.view?.jobs ?? []).flatMap((id) => this.#app.jobs.get(id) ?? []).filter((job) => job.isActive));
  /** The job that is shown in full. */
  readonly job: Job | null = $derived.by(() => this.#find(this.chosen) ?? this.active.find((job) => job.isRunning) ?? this.active[0] ?? this.#ended());

  constructor(app: App, name: string) {
    this.#app = app;
    this.name = name;
  }

  /** Remembers what runs here, so that it stays in sight when it has ended. */
  remember(): void {
    const running = this.active.find((job) => job.isRunning);
    if (!running || running.id === this.#last) return;
    this.#last = running.id;
    this.#closed = null;
  }

  async read(): Promise<void> {
    const asked = ++this.#asked;
    const history = await this.#app.askAside((backend) => backend.hostHistory(this.name));
    if (!history || asked !== this.#asked) return;
    const known = new Map(this.past.map((job) => [job.id, job]));
    this.past = history.jobs.map((state) => known.get(state.id) ?? Job.from(state));
    this.isRead = true;
  }

  show(job: string): void {
    this.chosen = job;
    this.isWhole = false;
    this.node = null;
  }

  /** Shows a job that ended no longer. */
  close(job: Job): void {
    this.chosen = null;
    this.#closed = job.id;
    this.isWhole = false;
  }

  begin(mode: PlanMode): void {
    const file = this.draft?.file ?? [...this.#wishes.values()].at(-1)?.file ?? "";
    this.draft = new PlanDraft(this.#app, this.name, mode, file);
  }

  /** A job was asked for. */
  started({ job, resumed }: Started, wish: PlanWish): void {
    this.#wishes.set(job, wish);
    this.draft = null;
    this.show(job);
    if (resumed) this.#app.announcer.say("It runs already");
  }

  async retry(job: Job): Promise<void> {
    const started = await this.#app.ask((backend) => backend.retryJob(job.id));
    const wish = this.#wishes.get(job.id);
    if (started && wish) this.#wishes.set(started.job, wish);
    if (started) this.show(started.job);
  }

  /** What a job was asked for, where that is known. */
  wishOf(job: Job): PlanWish | null {
    return this.#wishes.get(job.id) ?? verifyResult(job)?.plan ?? null;
  }

  /** One that ended while the user looked, or the newest where there is something to do about it. */
  #ended(): Job | null {
    const last = this.#find(this.#last);
    const job = last?.outcome ? last : (this.past[0] ?? null);
    if (!job || job.id === this.#closed) return null;
    return job === last || asksForAttention(job) ? job : null;
  }

  #find(id: string | null): Job | null {
    if (id === null) return null;
    return this.#app.jobs.get(id) ?? this.past.find((job) => job.id === id) ?? null;
  }
}
