import { untrack } from "svelte";
import type { LabView } from "../../../backend/generated/LabView";
import type { TerminalKind } from "../../../backend/generated/TerminalKind";
import type { App } from "../../../state/app.svelte";
import { CaptureSession } from "../captures/capture.svelte";
import { makeScreen, type MakeScreen } from "./screen";
import { TerminalSession, type NodeStanding } from "./terminal.svelte";
import type { TerminalPlace } from "./words";

export type DockTab = TerminalSession | CaptureSession;

/** The dock's least height, in pixels: its bar and four lines. */
export const LEAST = 112;

/** Consoles, shells, logs and captures of all labs, and which of them are in sight. It outlives the view. */
export class TerminalDockState {
  tabs: DockTab[] = $state.raw([]);
  /** What is in sight, from left to right: one, or two when it is split. */
  shown: DockTab[] = $state.raw([]);
  /** Which of them the user is in. */
  pane: number = $state(0);
  /** In pixels; less where there is no room. */
  height: number = $state(200);
  /** The left one's part of the width. */
  share: number = $state(0.5);
  /** The capture of which is asked whether it may be closed as it is. */
  closing: CaptureSession | null = $state.raw(null);
  /** Whether screen readers are served. */
  isRead: boolean = $state(false);
  #app: App;
  #makeScreen: MakeScreen;
  #made = 0;
  #standings = new Map<string, ReadonlyMap<string, NodeStanding>>();

  readonly active: DockTab | null = $derived.by(() => this.shown[this.pane] ?? null);
  readonly isSplit: boolean = $derived.by(() => this.shown.length > 1);
  readonly hasManyLabs: boolean = $derived.by(() => new Set(this.tabs.map(({ place }) => place.lab)).size > 1);

  constructor(app: App, make: MakeScreen = makeScreen) {
    this.#app = app;
    this.#makeScreen = make;
  }

  /** Shows a node's console, shell or log, and gives it the focus. One that is there already is taken. */
  open(lab: string, node: string, what: TerminalKind): void {
    const place = { lab, node, what };
    this.select(this.#like(place)[0] ?? this.#terminal(place));
  }

  /** Shows what passes an end. A capture that has ended stays as it is, and another one begins. */
  capture(lab: string, end: string): void {
    const same = this.tabs.filter((tab) => tab.type === "capture" && tab.place.lab === lab && tab.place.end === end);
    this.select(same.find((tab) => !tab.isOver) ?? this.#capture(lab, end, same));
  }

  /** Opens another one of the same node, or listens once more to the same end. */
  another(): void {
    const tab = this.active;
    if (tab?.type === "terminal") this.select(this.#terminal(tab.place));
    else if (tab) this.capture(tab.place.lab, tab.place.end);
  }

  /** Brings a tab into sight, in the pane that the user is in. */
  select(tab: DockTab, takesFocus = true): void {
    const at = this.shown.indexOf(tab);
    if (at < 0) this.#put(tab);
    else this.pane = at;
    if (takesFocus) tab.focus.ask();
  }

  /** Goes to the next tab, or the one before it. */
  step(by: 1 | -1): void {
    const at = this.active ? this.tabs.indexOf(this.active) : 0;
    const tab = this.tabs.at((at + by) % this.tabs.length);
    if (tab) this.select(tab);
  }

  /** The user is in this one now. */
  enter(tab: DockTab): void {
    const at = this.shown.indexOf(tab);
    if (at >= 0) this.pane = at;
  }

  /** Closes a tab, unless packets would be lost with it: that is asked first. */
  close(tab: DockTab): void {
    if (tab.type === "capture" && tab.isUnsaved) this.closing = tab;
    else this.remove(tab);
  }

  /** Closes a tab, whatever is lost with it; its neighbour takes its place. */
  remove(tab: DockTab): void {
    if (tab === this.closing) this.closing = null;
    const at = this.tabs.indexOf(tab);
    if (at < 0) return;
    tab.close();
    this.tabs = this.tabs.filter((other) => other !== tab);
    const hidden = (other: DockTab | undefined): boolean => other !== undefined && !this.shown.includes(other);
    const heir = [this.tabs[at], this.tabs[at - 1], ...this.tabs].find(hidden);
    this.shown = this.shown.flatMap((other) => (other === tab ? (heir ?? []) : other));
    this.pane = Math.min(this.pane, Math.max(0, this.shown.length - 1));
  }

  /** Shows two side by side, or only the one that the user is in. */
  split(): void {
    const { active } = this;
    if (!active) return;
    if (this.isSplit) {
      this.shown = [active];
      this.pane = 0;
      return;
    }
    const at = this.tabs.indexOf(active);
    const other = this.tabs[at + 1] ?? this.tabs[at - 1] ?? (active.type === "terminal" ? this.#terminal(active.place) : null);
    if (!other) return;
    this.shown = this.tabs.filter((tab) => tab === active || tab === other);
    this.pane = this.shown.indexOf(active);
  }

  /** Whether there is a second one to show, or one can be made. */
  get canSplit(): boolean {
    return this.tabs.length > 1 || this.active?.type === "terminal";
  }

  clear(): void {
    if (this.active?.type === "terminal") this.active.clear();
  }

  search(): void {
    if (this.active?.type === "terminal") this.active.find.open();
    else this.active?.field.ask();
  }

  /** Serves screen readers, or does so no more: reading costs all others time. */
  readAloud(isRead: boolean): void {
    this.isRead = isRead;
    for (const tab of this.tabs) if (tab.type === "terminal") tab.readAloud(isRead);
  }

  /** Hears how a lab's nodes stand: what ended with its node opens again with it. */
  nodes(lab: Pick<LabView, "name" | "known"> & { nodes: readonly NodeStanding[] }): void {
    if (!lab.known) return;
    untrack(() => {
      this.#standings.set(lab.name, new Map(lab.nodes.map((node) => [node.name, node])));
      for (const tab of this.tabs) if (tab.type === "terminal" && tab.place.lab === lab.name) this.#hear(tab);
    });
  }

  #hear(tab: TerminalSession): void {
    const lab = this.#standings.get(tab.place.lab);
    if (lab) tab.nodeStands(lab.get(tab.place.node) ?? null);
  }

  #put(tab: DockTab): void {
    const before = this.shown[this.pane];
    // Several that are opened at once all begin, though only the last comes into sight.
    if (before?.type === "terminal") void before.begin();
    this.shown = before ? this.shown.with(this.pane, tab) : [tab];
  }

  #like({ lab, node, what }: TerminalPlace): TerminalSession[] {
    const terminals = this.tabs.filter((tab) => tab.type === "terminal");
    return terminals.filter(({ place }) => place.lab === lab && place.node === node && place.what === what);
  }

  #terminal(place: TerminalPlace): TerminalSession {
    const tab = new TerminalSession(++this.#made, place, free(this.#like(place)), {
      backend: this.#app.backend,
      makeScreen: this.#makeScreen,
      isRead: this.isRead,
      say: (text) => this.#app.announcer.say(text),
      copy: (text, what) => void this.#app.copy(text, what),
    });
    this.#hear(tab);
    return this.#add(tab);
  }

  #capture(lab: string, end: string, same: DockTab[]): CaptureSession {
    const say = (text: string): void => this.#app.announcer.say(text);
    return this.#add(new CaptureSession(++this.#made, { lab, end }, free(same), this.#app.backend, say));
  }

  /** It stands after the one that the user is in. */
  #add<T extends DockTab>(tab: T): T {
    const at = this.active ? this.tabs.indexOf(this.active) + 1 : this.tabs.length;
    this.tabs = this.tabs.toSpliced(at, 0, tab);
    return tab;
  }
}

/** The least number that none of them has. */
function free(tabs: DockTab[]): number {
  const taken = new Set(tabs.map((tab) => tab.number));
  let number = 1;
  while (taken.has(number)) number += 1;
  return number;
}
