import type { Backend } from "../backend/backend";
import type { ErrorReport } from "../backend/generated/ErrorReport";
import type { HistoryPage } from "../backend/generated/HistoryPage";
import type { OutcomeCounts } from "../backend/generated/OutcomeCounts";
import type { OutcomeKind } from "../backend/generated/OutcomeKind";
import { Job } from "./job.svelte";
import { asReport } from "./report";

/** How many past jobs are asked for at once. */
export const PAGE = 60;

/** How long the window waits for more ends, or more letters, before it asks, in milliseconds. */
const SETTLE = 150;

const NONE: OutcomeCounts = { succeeded: 0, failed: 0, cancelled: 0, lost: 0 };

/** Past jobs as the history has them, page by page, the newest first. */
export class Past {
  jobs: Job[] = $state.raw([]);
  counts: OutcomeCounts = $state.raw(NONE);
  more: boolean = $state(false);
  loading: boolean = $state(false);
  loaded: boolean = $state(false);
  error: ErrorReport | null = $state.raw(null);
  text: string = $state("");
  outcome: OutcomeKind | null = $state(null);
  #backend: Backend;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  search(text: string): void {
    this.text = text;
    this.refreshSoon();
  }

  filter(outcome: OutcomeKind | null): void {
    this.outcome = outcome;
    void this.refresh();
  }

  /** Asks again from the newest on, once nothing changed for a moment. */
  refreshSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), SETTLE);
  }

  /** Asks again from the newest on, for as many as are shown. */
  async refresh(): Promise<void> {
    await this.#ask(null, Math.max(PAGE, this.jobs.length), (page) => {
      this.jobs = this.#jobsOf(page);
    });
  }

  /** Asks for the next older ones. */
  async older(): Promise<void> {
    const last = this.jobs.at(-1);
    if (!this.more || this.loading || !last) return;
    await this.#ask(last.id, PAGE, (page) => {
      this.jobs = [...this.jobs, ...this.#jobsOf(page)];
    });
  }

  async #ask(before: string | null, limit: number, take: (page: HistoryPage) => void): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    try {
      const page = await this.#backend.history({ text: this.text, outcome: this.outcome, before, limit });
      // An answer to an earlier question is out of date.
      if (asked !== this.#asked) return;
      take(page);
      this.counts = page.counts;
      this.more = page.more;
      this.error = null;
      this.loaded = true;
    } catch (error) {
      if (asked === this.#asked) this.error = asReport(error);
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }

  /** A job that is shown already stays the same object, so that its row is not drawn anew. */
  #jobsOf(page: HistoryPage): Job[] {
    const known = new Map(this.jobs.map((job) => [job.id, job]));
    return page.records.map(({ job }) => {
      const same = known.get(job.id);
      return same && same.seq === job.seq && same.isActive === (job.outcome === null) ? same : Job.from(job);
    });
  }
}
