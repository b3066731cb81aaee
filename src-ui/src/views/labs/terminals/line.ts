import type { LabBackend } from "../../../backend/labs";
import type { TerminalEvent } from "../../../backend/generated/TerminalEvent";
import type { TerminalWish } from "../../../backend/generated/TerminalWish";
import { asReport } from "../../../state/report";

export type TerminalBackend = Pick<LabBackend, "openTerminal" | "typeInto" | "resizeTerminal" | "closeTerminal">;

/** How long a size must stay before it is sent, in milliseconds: a divider that is dragged gives many. */
const SETTLE = 120;

/** What a line tells. */
export interface LineEvents {
  opened(): void;
  bytes(bytes: Uint8Array): void;
  /** How it ended. Nothing comes after that. */
  ended(event: TerminalEvent): void;
}

/** The way to one program in a node, from its opening to its end. */
export class TerminalLine {
  #backend: TerminalBackend;
  #events: LineEvents;
  #number: number | null = null;
  #isOver = false;
  #typed = "";
  #isSending = false;
  #size: { columns: number; rows: number };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: TerminalBackend, wish: TerminalWish, events: LineEvents) {
    this.#backend = backend;
    this.#events = events;
    this.#size = { columns: wish.columns, rows: wish.rows };
    void this.#open(wish);
  }

  /** What is typed before the program is there is kept for it. */
  type(text: string): void {
    this.#typed += text;
    void this.#send();
  }

  resize(columns: number, rows: number): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#timer = setTimeout(() => void this.#resize(columns, rows), SETTLE);
  }

  close(): void {
    if (!this.#isOver) this.#end();
  }

  async #open(wish: TerminalWish): Promise<void> {
    try {
      const number = await this.#backend.openTerminal(
        wish,
        (bytes) => !this.#isOver && this.#events.bytes(bytes),
        (event) => this.#told(event),
      );
      if (this.#isOver) return this.#close(number);
      this.#number = number;
      this.#events.opened();
      void this.#send();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** One call at a time: calls that are made at once may arrive in any order. */
  async #send(): Promise<void> {
    if (this.#isSending || this.#number === null) return;
    this.#isSending = true;
    try {
      while (this.#typed && !this.#isOver) {
        const text = this.#typed;
        this.#typed = "";
        await this.#backend.typeInto(this.#number, text);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isSending = false;
    }
  }

  async #resize(columns: number, rows: number): Promise<void> {
    if (columns === this.#size.columns && rows === this.#size.rows) return;
    if (this.#number === null) return this.resize(columns, rows);
    this.#size = { columns, rows };
    // A program that cannot be told its size goes on in the old one.
    await this.#backend.resizeTerminal(this.#number, columns, rows).catch(() => {});
  }

  /** The program keeps one that has ended until it is closed. Whether it was there still does not matter. */
  #close(number: number): void {
    this.#backend.closeTerminal(number).catch(() => {});
  }

  #fail(error: unknown): void {
    this.#told({ type: "failed", error: asReport(error) });
  }

  #told(event: TerminalEvent): void {
    if (this.#isOver) return;
    this.#end();
    this.#events.ended(event);
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    if (this.#number !== null) this.#close(this.#number);
  }
}
