import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon, type ISearchOptions } from "@xterm/addon-search";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { terminalColours, type FoundColours } from "./colours";
import { controlCode, dockKey, scrollKey, type Scroll } from "./keys";
import type { Screen, ScreenEvents, ScreenWish } from "./screen";

/** Lines that are kept above the screen. A thousand take about two megabytes. */
const SCROLLBACK = 10_000;
const SIZE = 12;
/** Below this many pixels a place is about to be shown or hidden. */
const SMALLEST = 24;

/** Ends what a program may have left on: its own screen, the mouse, pasting in brackets, colours, a hidden cursor. */
const RESET = "\x1b[?1;1000;1002;1003;1004;1006;2004l\x1b[!p";
const HIDE_CURSOR = "\x1b[?25l";

/** A terminal of xterm.js. It is drawn into an element of its own, which goes from place to place. */
export class XtermScreen implements Screen {
  #terminal: Terminal;
  #events: ScreenEvents;
  #isLog: boolean;
  #label: string;
  #element = document.createElement("div");
  #fit = new FitAddon();
  #search = new SearchAddon();
  #found: FoundColours;
  #isAtEnd = true;

  /** The letters must be there before they are measured. */
  static async make(wish: ScreenWish, events: ScreenEvents): Promise<XtermScreen> {
    const { font } = terminalColours();
    await Promise.all(["400", "700"].map((weight) => document.fonts.load(`${weight} ${SIZE}px ${font}`)));
    return new XtermScreen(wish, events);
  }

  private constructor({ what, label, isRead }: ScreenWish, events: ScreenEvents) {
    this.#isLog = what === "logs";
    this.#label = label;
    this.#events = events;
    this.#element.className = "screen";
    const { theme, found, font } = terminalColours();
    this.#found = found;
    this.#terminal = new Terminal({
      allowProposedApi: true,
      convertEol: this.#isLog,
      cursorInactiveStyle: this.#isLog ? "none" : "outline",
      disableStdin: this.#isLog,
      drawBoldTextInBrightColors: false,
      fontFamily: font,
      fontSize: SIZE,
      fontWeightBold: 600,
      lineHeight: 1.2,
      // A link of a node's is no reason to leave the window: its address is copied.
      linkHandler: { activate: (_, address) => events.copied(address) },
      minimumContrastRatio: 4.5,
      overviewRuler: { width: 10 },
      screenReaderMode: isRead,
      scrollback: SCROLLBACK,
      theme,
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.#search);
    this.#terminal.onData((text) => events.typed(text));
    this.#terminal.onResize(({ cols, rows }) => events.resized(cols, rows));
    this.#terminal.onRender(() => this.#scrolled());
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => events.found(resultIndex, resultCount));
    this.#terminal.attachCustomKeyEventHandler((event) => this.#takes(event));
    if (this.#isLog) this.#terminal.write(HIDE_CURSOR);
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  attach(host: HTMLElement): () => void {
    host.append(this.#element);
    if (!this.#terminal.element) this.#open();
    this.#resize();
    let frame = 0;
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => this.#resize());
    });
    observer.observe(host);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      // It may be in its next place already.
      if (this.#element.parentElement === host) this.#element.remove();
    };
  }

  focus(): void {
    this.#terminal.focus();
  }

  write(bytes: Uint8Array): void {
    this.#terminal.write(bytes);
  }

  say(text: string): Promise<void> {
    return new Promise((said) => {
      // Only once all before it is drawn is it known where the cursor is.
      this.#terminal.write("", () => {
        const { type, cursorX } = this.#terminal.buffer.active;
        const back = type === "alternate" ? "\x1b[?1049l\r\n" : cursorX > 0 ? "\r\n" : "";
        const cursor = this.#isLog ? HIDE_CURSOR : "";
        this.#terminal.write(`${RESET}${back}\x1b[90m${text}\x1b[0m\r\n${cursor}`, said);
      });
    });
  }

  clear(): void {
    this.#terminal.clear();
  }

  toEnd(): void {
    this.#terminal.scrollToBottom();
  }

  find(text: string, how: "typed" | "next" | "previous"): void {
    const { ground, now, edge } = this.#found;
    const decorations = { matchBackground: ground, matchOverviewRuler: ground, activeMatchBackground: now, activeMatchBorder: edge, activeMatchColorOverviewRuler: edge };
    const options: ISearchOptions = { decorations, incremental: how === "typed" };
    // The newest is the nearest: what is typed is looked for upwards.
    if (how === "next") this.#search.findNext(text, options);
    else this.#search.findPrevious(text, options);
  }

  endFind(): void {
    this.#search.clearDecorations();
    this.#terminal.clearSelection();
  }

  readAloud(isRead: boolean): void {
    this.#terminal.options.screenReaderMode = isRead;
  }

  dispose(): void {
    this.#terminal.dispose();
    this.#element.remove();
  }

  #open(): void {
    this.#terminal.open(this.#element);
    this.#terminal.textarea?.setAttribute("aria-label", this.#label);
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#element;
    if (clientWidth > SMALLEST && clientHeight > SMALLEST) this.#fit.fit();
  }

  #scrolled(): void {
    const { viewportY, baseY } = this.#terminal.buffer.active;
    const isAtEnd = viewportY >= baseY;
    if (isAtEnd === this.#isAtEnd) return;
    this.#isAtEnd = isAtEnd;
    this.#events.scrolled(isAtEnd);
  }

  /** Whether xterm.js takes a key; the others are the page's, or were taken here. */
  #takes(event: KeyboardEvent): boolean {
    const key = dockKey(event);
    if (key === "copy" && event.type === "keydown") this.#copy(event);
    if (key !== null) return false;
    return this.#isLog ? this.#takesOfLog(event) : this.#takesOfProgram(event);
  }

  #takesOfProgram(event: KeyboardEvent): boolean {
    const code = controlCode(event);
    if (!code) return true;
    if (event.type === "keydown") this.#events.typed(code);
    event.preventDefault();
    return false;
  }

  #takesOfLog(event: KeyboardEvent): boolean {
    const scroll = scrollKey(event);
    if (event.type !== "keydown") return false;
    if (event.key === "Enter") this.#events.typed("\r");
    else if (scroll) this.#scroll(scroll);
    else return false;
    event.preventDefault();
    return false;
  }

  #scroll(scroll: Scroll): void {
    if (scroll === "start") this.#terminal.scrollToTop();
    else if (scroll === "end") this.#terminal.scrollToBottom();
    else if ("lines" in scroll) this.#terminal.scrollLines(scroll.lines);
    else this.#terminal.scrollPages(scroll.pages);
  }

  #copy(event: KeyboardEvent): void {
    event.preventDefault();
    if (this.#terminal.hasSelection()) this.#events.copied(this.#terminal.getSelection());
  }
}
