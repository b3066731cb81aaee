import type { TerminalKind } from "../../../backend/generated/TerminalKind";

/** What a terminal is drawn on: xterm.js, or what tests have in its place. */
export interface Screen {
  /** Its width in characters. */
  readonly columns: number;
  /** Its height in lines. */
  readonly rows: number;
  /** Puts it into a place of the page, and takes it out when the answer is called. What it shows stays. */
  attach(host: HTMLElement): () => void;
  focus(): void;
  write(bytes: Uint8Array): void;
  /** Says lines of ours below all that was written before, whatever state the program left the terminal in. */
  say(text: string): Promise<void>;
  /** Forgets all but the line with the cursor. */
  clear(): void;
  toEnd(): void;
  /** Goes to the next place that has the text, or, while it is typed, stays at the one that still has it. */
  find(text: string, how: "typed" | "next" | "previous"): void;
  endFind(): void;
  readAloud(isRead: boolean): void;
  dispose(): void;
}

/** What a screen tells. */
export interface ScreenEvents {
  typed(text: string): void;
  resized(columns: number, rows: number): void;
  /** Whether the newest line is in sight. */
  scrolled(isAtEnd: boolean): void;
  /** Which place of how many is marked, from 0; -1 where there are too many to count. */
  found(index: number, count: number): void;
  copied(text: string): void;
}

/** What a screen is for. */
export interface ScreenWish {
  what: TerminalKind;
  /** How screen readers call it. */
  label: string;
  isRead: boolean;
}

export type MakeScreen = (wish: ScreenWish, events: ScreenEvents) => Promise<Screen>;

/** xterm.js, which is not read before the first terminal is opened. */
export const makeScreen: MakeScreen = async (wish, events) => {
  const { XtermScreen } = await import("./xterm");
  return XtermScreen.make(wish, events);
};
