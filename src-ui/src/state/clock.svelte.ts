/** The time now, for all clocks in the window. It ticks only while something on the screen runs. */
export class Clock {
  #now: number = $state(0);
  #read: () => number;
  #holders = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(read: () => number = Date.now) {
    this.#read = read;
    this.#now = read();
  }

  /** Milliseconds since 1970. Changes once a second while the clock is held. */
  get now(): number {
    return this.#now;
  }

  get ticks(): boolean {
    return this.#timer !== undefined;
  }

  /** Looks at the time at once. */
  tick(): void {
    this.#now = this.#read();
  }

  /** Keeps it ticking until the answer is called. */
  hold(): () => void {
    this.#holders += 1;
    if (!this.#timer) {
      this.tick();
      this.#timer = setInterval(() => this.tick(), 1000);
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holders -= 1;
      if (this.#holders > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }
}
