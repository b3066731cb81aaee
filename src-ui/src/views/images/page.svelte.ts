import { arrivalsOf } from "../../domain/arrivals";
import type { App } from "../../state/app.svelte";
import { found, sorted, turned, type Column, type Order } from "./order";
import { rowsOf, withArrivals, type Row } from "./rows";

/** What the images' page shows, and which line is chosen. */
export class ImagesPage {
  text: string = $state("");
  order: Order = $state.raw({ column: "reference", descending: false });
  key: string | null = $state(null);
  /** Whether the details of the chosen line are shown. */
  isOpen: boolean = $state(false);
  removing: Row | null = $state.raw(null);
  renaming: Row | null = $state.raw(null);
  #app: App;

  readonly named: Row[] = $derived.by(() => rowsOf(this.#app.library.images));
  readonly arrivals = $derived.by(() => arrivalsOf(this.#app.jobs.active));
  readonly all: Row[] = $derived.by(() => withArrivals(this.named, this.arrivals));
  readonly rows: Row[] = $derived.by(() => sorted(found(this.all, this.text), this.order));
  readonly index: number = $derived.by(() => this.rows.findIndex((row) => row.key === this.key));
  readonly selected: Row | null = $derived.by(() => this.rows[this.index] ?? null);

  constructor(app: App) {
    this.#app = app;
  }

  sort(column: Column): void {
    this.order = turned(this.order, column);
  }

  select(index: number): void {
    this.key = this.rows[index]?.key ?? null;
  }

  open(index: number): void {
    this.select(index);
    this.isOpen = true;
  }

  close(): void {
    this.isOpen = false;
  }

  /** Asks whether to remove the line; a line whose image is still to come has nothing to remove. */
  askToRemove(row: Row | null): void {
    if (row?.image) this.removing = row;
  }

  askToRename(row: Row | null): void {
    if (row?.image) this.renaming = row;
  }
}
