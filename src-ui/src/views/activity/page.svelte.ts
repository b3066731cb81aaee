import type { OutcomeKind } from "../../backend/generated/OutcomeKind";
import type { App } from "../../state/app.svelte";
import type { Job } from "../../state/job.svelte";
import { ending } from "../../words/ending";

export type Filter = "running" | "queued" | OutcomeKind;

/** What Activity shows: what runs and waits, and then what ended, the newest first. */
export class ActivityPage {
  filter: Filter | null = $state(null);
  text: string = $state("");
  #app: App;

  readonly jobs: Job[] = $derived.by(() => [...this.#active(), ...this.#ended()]);
  readonly index: number = $derived.by(() => Math.max(0, this.jobs.findIndex((job) => job.id === this.#app.navigation.job)));
  readonly selected: Job | null = $derived.by(() => this.jobs[this.index] ?? null);

  constructor(app: App) {
    this.#app = app;
  }

  /** Whether jobs that ended are among those that are shown. */
  get showsPast(): boolean {
    return this.filter !== "running" && this.filter !== "queued";
  }

  search(text: string): void {
    this.text = text;
    this.#app.past.search(text);
  }

  /** Shows only what stands so; all if it is chosen already. */
  choose(filter: Filter): void {
    const chosen = this.filter === filter ? null : filter;
    this.filter = chosen;
    this.#app.past.filter(chosen === "running" || chosen === "queued" ? null : chosen);
  }

  /** Shows all that have a text, however they stand; all there are, without one. */
  showAll(text = ""): void {
    this.filter = null;
    this.text = text;
    this.#app.past.text = text;
    this.#app.past.filter(null);
  }

  select(index: number): void {
    this.#app.navigation.job = this.jobs[index]?.id ?? null;
  }

  #active(): Job[] {
    if (this.filter && this.filter !== "running" && this.filter !== "queued") return [];
    const all = this.filter === "running" ? this.#app.jobs.running : this.filter === "queued" ? this.#app.jobs.queued : this.#app.jobs.active;
    return all.filter((job) => this.#has(job));
  }

  /**
   * The history's, and those that ended just now and are not in the page that was read. A job that is shown from events,
   * or as another program's, is not shown from the history.
   */
  #ended(): Job[] {
    if (!this.showsPast) return [];
    const past = this.#app.past;
    const known = new Set([...this.#app.jobs.all, ...this.#app.jobs.others].map((job) => job.id));
    const oldest = past.more ? (past.jobs.at(-1)?.id ?? "") : "";
    const own = this.#app.jobs.ended.filter(
      (job) => job.id >= oldest && this.#has(job) && (!this.filter || job.outcome?.type === this.filter),
    );
    const others = past.jobs.filter((job) => !known.has(job.id));
    return [...own, ...others].sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  #has(job: Job): boolean {
    const haystack = `${job.title} ${ending(job)}`.toLowerCase();
    return this.text.toLowerCase().split(/\s+/).every((word) => haystack.includes(word));
  }
}
