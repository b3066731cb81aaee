import type { CaptureEvent } from "../../../backend/generated/CaptureEvent";
import type { CaptureWish } from "../../../backend/generated/CaptureWish";
import type { ErrorReport } from "../../../backend/generated/ErrorReport";
import type { Packet } from "../../../backend/generated/Packet";
import type { LabBackend } from "../../../backend/labs";
import { asReport } from "../../../state/report";
import { FocusPlace } from "../terminals/focus";

/** How many packets the window keeps. The capture file has them all. */
export const PACKETS_KEPT = 10_000;

export type CapturePhase = "opening" | "running" | "ended" | "failed";

/** A packet, and the words that it is found by. */
export interface PacketLine {
  packet: Packet;
  words: string;
}

export type CaptureBackend = Pick<LabBackend, "startCapture" | "stopCapture" | "saveCapture" | "dropCapture">;

/** What passes an end of a link, as far as the window keeps it. It lives in the state, whether it is on the screen or not. */
export class CaptureSession {
  readonly type = "capture";
  readonly key: number;
  readonly place: CaptureWish;
  /** Which it is of those of the same end, from 1. */
  readonly number: number;
  phase: CapturePhase = $state("opening");
  error: ErrorReport | null = $state.raw(null);
  lines: PacketLine[] = $state.raw([]);
  /** Packets and bytes of the capture file. */
  count: number = $state(0);
  bytes: number = $state(0);
  filter: string = $state("");
  /** The number of the chosen packet. */
  selected: number | null = $state(null);
  /** Whether the newest packet is kept in sight. */
  isFollowing: boolean = $state(true);
  /** Packets of the capture file when it was saved last. */
  saved: number = $state(0);
  /** When the first packet passed, in microseconds. */
  start: number = $state(0);
  /** Where the list is scrolled to: its first packet, and how many pixels of it are above the edge. */
  top = 0;
  beyond = 0;
  readonly focus = new FocusPlace();
  readonly field = new FocusPlace();
  #backend: CaptureBackend;
  #id: number | null = $state(null);
  #isClosed = false;
  #say: (text: string) => void;

  readonly rows: PacketLine[] = $derived.by(() => found(this.lines, this.filter));
  readonly index: number = $derived.by(() => this.rows.findIndex(({ packet }) => packet.number === this.selected));

  constructor(key: number, place: CaptureWish, number: number, backend: CaptureBackend, say: (text: string) => void) {
    this.key = key;
    this.place = place;
    this.number = number;
    this.#backend = backend;
    this.#say = say;
    void this.#start();
  }

  /** `leaf1:eth1 · capture`. */
  get title(): string {
    return `${this.place.end} · capture${this.number > 1 ? ` ${this.number}` : ""}`;
  }

  get isOver(): boolean {
    return this.phase === "ended" || this.phase === "failed";
  }

  /** How the program calls it; null where it never began. */
  get id(): number | null {
    return this.#id;
  }

  /** Asks it to end; that it has is told. */
  async stop(): Promise<void> {
    if (this.#id !== null && !this.isOver) await this.#backend.stopCapture(this.#id);
  }

  /** Whether packets would be lost with it. */
  get isUnsaved(): boolean {
    return this.#id !== null && this.count > this.saved;
  }

  /** Lets the user choose where it is saved; whether it was. */
  async save(): Promise<boolean> {
    if (this.#id === null) return false;
    const { count } = this;
    const isSaved = await this.#backend.saveCapture(this.#id);
    if (isSaved) this.saved = count;
    if (isSaved) this.#say(`The capture of ${this.place.end} is saved`);
    return isSaved;
  }

  select(index: number): void {
    this.selected = this.rows[index]?.packet.number ?? null;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#id !== null) this.#drop(this.#id);
  }

  async #start(): Promise<void> {
    try {
      this.#id = await this.#backend.startCapture(this.place, (event) => this.#told(event));
      if (this.#isClosed) return this.#drop(this.#id);
      if (this.phase === "opening") this.phase = "running";
    } catch (error) {
      this.#fail(asReport(error));
    }
  }

  /** Whether it was there still does not matter to who drops it. */
  #drop(id: number): void {
    this.#backend.dropCapture(id).catch(() => {});
  }

  #told(event: CaptureEvent): void {
    if (event.type === "packets") this.#take(event.packets, event.count, event.bytes);
    else if (event.type === "failed") this.#fail(event.error);
    else this.phase = "ended";
  }

  #take(packets: Packet[], count: number, bytes: number): void {
    if (this.count === 0) this.start = packets[0]?.at_us ?? 0;
    this.count = count;
    this.bytes = bytes;
    if (packets.length === 0) return;
    const lines = packets.map((packet) => ({ packet, words: wordsOf(packet) }));
    this.lines = [...this.lines, ...lines].slice(-PACKETS_KEPT);
  }

  #fail(error: ErrorReport): void {
    this.phase = "failed";
    this.error = error;
    this.#say(`The capture of ${this.place.end} failed`);
  }
}

/** The lines that have all words of a text, anywhere. */
function found(lines: PacketLine[], text: string): PacketLine[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 ? lines : lines.filter((line) => words.every((word) => line.words.includes(word)));
}

function wordsOf({ source, destination, protocol, summary }: Packet): string {
  return `${source} ${destination} ${protocol} ${summary}`.toLowerCase();
}
