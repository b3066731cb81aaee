import type { LabNode } from "../../../backend/generated/LabNode";
import type { TerminalEvent } from "../../../backend/generated/TerminalEvent";
import { TerminalFind } from "./find.svelte";
import { FocusPlace } from "./focus";
import { TerminalLine, type TerminalBackend } from "./line";
import type { MakeScreen, Screen } from "./screen";
import { againWords, endWords, label, ofNode, waitWords, type TerminalPlace } from "./words";

/** What a terminal must know of its node. */
export type NodeStanding = Pick<LabNode, "name" | "standing" | "since">;

/** `new` until it was on the screen, or its place there was taken. */
export type TerminalPhase = "new" | "opening" | "open" | "ended" | "failed";

/** What a terminal needs of the window. */
export interface TerminalMeans {
  backend: TerminalBackend;
  makeScreen: MakeScreen;
  /** Whether screen readers are served. */
  isRead: boolean;
  say: (text: string) => void;
  copy: (text: string, what: string) => void;
}

/**
 * A node that stops so long after its console ended is why it ended, in milliseconds: a shutdown begins with the programs
 * that users have open.
 */
const SHUTDOWN = 60_000;

/** A console, a shell or a log. It lives in the state: what it shows is there whether it is on the screen or not. */
export class TerminalSession {
  readonly type = "terminal";
  readonly key: number;
  readonly place: TerminalPlace;
  /** Which it is of those of the same place, from 1. */
  readonly number: number;
  phase: TerminalPhase = $state("new");
  /** Whether it opens again once its node runs, or a console's node is ready. */
  isWaiting: boolean = $state(false);
  /** Whether the newest line is in sight. */
  isAtEnd: boolean = $state(true);
  readonly focus = new FocusPlace();
  readonly find = new TerminalFind(() => this.#screen);
  #means: TerminalMeans;
  #screen: Screen | null = null;
  #made: Promise<Screen>;
  #said: Promise<void> = Promise.resolve();
  #line: TerminalLine | null = null;
  #isClosed = false;
  /** Undefined until the page was told of its lab. */
  #node: NodeStanding | null | undefined;
  /** Since when the node ran that the program was started in. */
  #since = "";
  #endedAt = 0;

  constructor(key: number, place: TerminalPlace, number: number, means: TerminalMeans) {
    this.key = key;
    this.place = place;
    this.number = number;
    this.#means = means;
    this.#made = this.#make();
  }

  /** `leaf1 · console`, `leaf1 · console 2`. */
  get title(): string {
    return `${this.place.node} · ${this.place.what}${this.number > 1 ? ` ${this.number}` : ""}`;
  }

  get isOver(): boolean {
    return this.phase === "ended" || this.phase === "failed";
  }

  /** Shows it in a place of the page. */
  readonly show = (host: HTMLElement): (() => void) => {
    let hide: (() => void) | null = null;
    let isShown = true;
    void this.#made.then((screen) => {
      if (!isShown) return;
      const detach = screen.attach(host);
      const withdraw = this.focus.offer(() => screen.focus());
      hide = () => {
        withdraw();
        detach();
      };
      void this.begin();
    });
    return () => {
      isShown = false;
      hide?.();
    };
  };

  /** Opens it for the first time, also where it is not on the screen. */
  async begin(): Promise<void> {
    if (this.phase === "new") await this.open();
  }

  /** Opens it, or opens it again. */
  async open(): Promise<void> {
    if (this.phase === "opening" || this.phase === "open") return;
    this.phase = "opening";
    this.isWaiting = false;
    const screen = await this.#made;
    await this.#said;
    if (this.#isClosed) return;
    this.#since = this.#node?.since ?? "";
    const wish = { ...this.place, columns: screen.columns, rows: screen.rows };
    this.#line = new TerminalLine(this.#means.backend, wish, {
      opened: () => (this.phase = "open"),
      bytes: (bytes) => screen.write(bytes),
      ended: (event) => this.#ended(event),
    });
  }

  /** What the lab's page was told of its node; nothing where it is none of the lab any more. */
  nodeStands(node: NodeStanding | null): void {
    this.#node = node;
    if (!this.isOver) this.#since ||= node?.since ?? "";
    else this.#consider();
  }

  clear(): void {
    this.#screen?.clear();
  }

  toEnd(): void {
    this.#screen?.toEnd();
  }

  readAloud(isRead: boolean): void {
    this.#screen?.readAloud(isRead);
  }

  close(): void {
    this.#isClosed = true;
    this.#line?.close();
    void this.#made.then((screen) => screen.dispose());
  }

  async #make(): Promise<Screen> {
    const wish = { what: this.place.what, label: label(this.place), isRead: this.#means.isRead };
    this.#screen = await this.#means.makeScreen(wish, {
      typed: (text) => this.#typed(text),
      resized: (columns, rows) => this.#line?.resize(columns, rows),
      scrolled: (isAtEnd) => (this.isAtEnd = isAtEnd),
      found: (index, count) => this.find.found(index, count),
      copied: (text) => this.#means.copy(text, "Selection"),
    });
    return this.#screen;
  }

  #typed(text: string): void {
    if (this.isOver && text === "\r") void this.open();
    else if (this.place.what !== "logs") this.#line?.type(text);
  }

  #ended(event: TerminalEvent): void {
    this.#line = null;
    this.#endedAt = Date.now();
    this.phase = event.type;
    this.#say(endWords(this.place, event));
    this.#means.say(`The ${ofNode(this.place)} ${event.type}`);
    this.#consider();
  }

  /** Whether the node's standing is why it ended, and whether it is over. */
  #consider(): void {
    if (this.#node === undefined) return;
    const since = this.#node?.since ?? "";
    const isBooting = since !== "" && this.place.what === "console" && this.#node?.standing === "booting";
    const isUsable = since !== "" && !isBooting;
    if (!this.isWaiting) {
      if (!this.#isItsDoing(since, isBooting)) return;
      this.isWaiting = true;
      if (!isUsable) this.#say([waitWords(this.place, isBooting)]);
    }
    if (!isUsable) return;
    this.#say([againWords(this.place)]);
    this.#means.say(`The ${ofNode(this.place)} opens again`);
    void this.open();
  }

  /** Whoever leaves a program and stops its node later does not wait for it. A log never ends by itself. */
  #isItsDoing(since: string, isBooting: boolean): boolean {
    const isRestarted = since !== "" && this.#since !== "" && since !== this.#since;
    if (since !== "" && !isRestarted && !isBooting) return false;
    if (this.phase === "failed" || this.place.what === "logs") return true;
    return (isRestarted ? Date.parse(since) : Date.now()) - this.#endedAt < SHUTDOWN;
  }

  #say(lines: string[]): void {
    const before = this.#said;
    this.#said = this.#made.then(async (screen) => {
      await before;
      await screen.say(lines.join("\r\n"));
    });
  }
}
