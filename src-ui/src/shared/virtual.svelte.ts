/** How many rows beyond the edge are drawn, so that a quick scroll does not show gaps. */
const BEYOND = 8;

/** Which rows of a long list are on the screen. All rows are equally high. */
export class VirtualRows {
  readonly height: number;
  #head: number;
  #count: () => number;
  #top: number = $state(0);
  #view: number = $state(0);

  readonly first: number = $derived.by(() => Math.max(0, Math.min(Math.floor(this.#top / this.height), this.#count() - 1) - BEYOND));
  readonly end: number = $derived.by(() =>
    Math.min(this.#count(), Math.ceil((this.#top + this.#view) / this.height) + BEYOND),
  );

  /** `head` is the height of what stands above the rows and does not scroll away. */
  constructor(height: number, count: () => number, head = 0) {
    this.height = height;
    this.#head = head;
    this.#count = count;
  }

  /** All rows together. */
  get total(): number {
    return this.#count() * this.height;
  }

  /** How far the first drawn row is from the top. */
  get offset(): number {
    return this.first * this.height;
  }

  /** Whether a row is drawn. */
  draws(row: number): boolean {
    return row >= this.first && row < this.end;
  }

  /** Rows that fit on the screen. */
  get page(): number {
    return Math.max(1, Math.floor(this.#view / this.height) - 1);
  }

  /** Follows the element that scrolls. */
  readonly follow = (scroller: HTMLElement): (() => void) => {
    const look = (): void => {
      this.#top = scroller.scrollTop;
      this.#view = scroller.clientHeight - this.#head;
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(scroller);
    scroller.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener("scroll", look);
    };
  };

  /** Brings a row into sight, with as little movement as possible. */
  reveal(scroller: HTMLElement, row: number): void {
    const top = row * this.height;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    const beyond = top + this.height - (scroller.scrollTop + scroller.clientHeight - this.#head);
    if (beyond > 0) scroller.scrollTop += beyond;
  }
}
