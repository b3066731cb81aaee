import { FocusPlace } from "./focus";
import type { Screen } from "./screen";

/** A search in a terminal. */
export class TerminalFind {
  isOpen: boolean = $state(false);
  text: string = $state("");
  /** Which of the places is marked, from 0; -1 where there are too many to tell. */
  index: number = $state(-1);
  count: number = $state(0);
  readonly field = new FocusPlace();
  #screen: () => Screen | null;

  constructor(screen: () => Screen | null) {
    this.#screen = screen;
  }

  /** How the search stands, in words. */
  get standing(): string {
    if (!this.text) return "";
    if (this.count === 0) return "not found";
    return this.index < 0 ? `more than ${this.count}` : `${this.index + 1} of ${this.count}`;
  }

  open(): void {
    this.isOpen = true;
    this.field.ask();
  }

  close(): void {
    this.isOpen = false;
    this.count = 0;
    this.#screen()?.endFind();
  }

  type(text: string): void {
    this.text = text;
    this.#find("typed");
  }

  next(): void {
    this.#find("next");
  }

  previous(): void {
    this.#find("previous");
  }

  /** What the screen found. */
  found(index: number, count: number): void {
    this.index = index;
    this.count = this.isOpen ? count : 0;
  }

  #find(how: "typed" | "next" | "previous"): void {
    if (this.text) this.#screen()?.find(this.text, how);
    else this.#screen()?.endFind();
    if (!this.text) this.count = 0;
  }
}
