/** The views of the rail, in its order. */
export const VIEWS = ["labs", "images", "hosts", "activity", "settings"] as const;

export type View = (typeof VIEWS)[number];

/** What lies over the views, if anything. */
export type Overlay = "import" | "pull" | "engines" | "keys" | "diagnostics";

/** Where the user is. */
export class Navigation {
  view: View = $state("images");
  /** The job that Activity shows in detail; the first of its list without one. */
  job: string | null = $state(null);
  /** What Activity is to search for when it is shown next. */
  search: string | null = null;
  overlay: Overlay | null = $state(null);

  show(view: View): void {
    this.view = view;
  }

  showJob(job: string): void {
    this.job = job;
    this.view = "activity";
  }

  /** Shows all jobs that have a text. */
  showJobs(text: string): void {
    this.search = text;
    this.job = null;
    this.view = "activity";
  }

  open(overlay: Overlay): void {
    this.overlay = overlay;
  }

  close(): void {
    this.overlay = null;
  }
}
