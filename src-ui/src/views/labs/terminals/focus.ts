/** Takes the focus when it is asked to, or as soon as it is on the screen. */
export class FocusPlace {
  #take: (() => void) | null = null;
  #isAwaited = false;

  ask(): void {
    if (this.#take) this.#take();
    else this.#isAwaited = true;
  }

  /** It is on the screen now, until the answer is called. */
  offer(take: () => void): () => void {
    this.#take = take;
    if (this.#isAwaited) take();
    this.#isAwaited = false;
    return () => {
      if (this.#take === take) this.#take = null;
    };
  }
}
