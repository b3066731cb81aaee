import type { CaptureEvent } from "../generated/CaptureEvent";
import type { CaptureWish } from "../generated/CaptureWish";
import type { ErrorReport } from "../generated/ErrorReport";
import type { LabNode } from "../generated/LabNode";
import type { LabView } from "../generated/LabView";
import type { TerminalEvent } from "../generated/TerminalEvent";
import type { TerminalWish } from "../generated/TerminalWish";
import { packets, passing } from "./packets";
import { FakeShell } from "./shell";

/** What a program ends with whose node is killed. */
const KILLED = 137;
/** Packets that a capture has as soon as it begins. */
const AT_ONCE = 42;
/** What a capture file has besides the packets, and around each. */
const [HEAD, AROUND] = [144, 36];

const BOOT = [
  "Waiting for all 3 interfaces to be connected",
  "Connected all interfaces!",
  "Starting systemd 249",
  "\x1b[32m[  OK  ]\x1b[0m Reached target Basic System",
  "Starting VEosLabInit",
  "Skipping VEosLabInit: ceoslab",
  "Starting ProcMgr",
  "\x1b[33m[ WARN ]\x1b[0m Sysdb is slow to answer, 2.4 s",
  "Starting ConfigAgent…",
];

type NodesOfLab = Pick<LabView, "name"> & { nodes: Pick<LabNode, "name" | "since">[] };

interface FakeTerminal {
  wish: TerminalWish;
  shell: FakeShell | null;
  print: (text: string) => void;
  told: (event: TerminalEvent) => void;
}

interface FakeCapture {
  wish: CaptureWish;
  start: number;
  count: number;
  bytes: number;
  waited: number;
  isOver: boolean;
  told: (event: CaptureEvent) => void;
}

/** Consoles, logs and captures of nodes that do not exist. Nothing moves by itself but what the time brings. */
export class FakeTerminals {
  readonly open = new Map<number, FakeTerminal>();
  readonly captures = new Map<number, FakeCapture>();
  /** Nodes that do not run, as `LAB/NODE`. */
  #stopped = new Set<string>();
  #number = 0;

  openTerminal(wish: TerminalWish, output: (bytes: Uint8Array) => void, told: (event: TerminalEvent) => void): number {
    const isStopped = this.#stopped.has(`${wish.lab}/${wish.node}`);
    if (isStopped && wish.what !== "logs") throw notRunning(wish);
    const number = ++this.#number;
    const encoder = new TextEncoder();
    const print = (text: string): void => output(encoder.encode(text));
    const shell = wish.what === "logs" ? null : new FakeShell(wish.node, wish.what === "console", print, (code) => this.#end(number, code));
    this.open.set(number, { wish, shell, print, told });
    if (!shell) print(BOOT.map((line) => `${line}\n`).join(""));
    if (isStopped) queueMicrotask(() => this.#end(number, 0));
    return number;
  }

  type(number: number, text: string): void {
    this.open.get(number)?.shell?.type(text);
  }

  close(number: number): void {
    this.open.delete(number);
  }

  startCapture(wish: CaptureWish, told: (event: CaptureEvent) => void, now: number): number {
    const number = ++this.#number;
    const capture = { wish, start: now * 1000, count: 0, bytes: HEAD, waited: 0, isOver: false, told };
    this.captures.set(number, capture);
    queueMicrotask(() => this.pass(number, AT_ONCE));
    return number;
  }

  stopCapture(number: number): void {
    const capture = this.captures.get(number);
    if (!capture || capture.isOver) return;
    capture.isOver = true;
    capture.told({ type: "ended" });
  }

  dropCapture(number: number): void {
    this.captures.delete(number);
  }

  /** Lets packets pass; of a flood only the last are told. */
  pass(number: number, count: number, told = count): void {
    const capture = this.captures.get(number);
    if (!capture || capture.isOver) return;
    const passed = packets(capture.count + 1, count, capture.start);
    capture.count += count;
    capture.bytes += passed.reduce((sum, { length }) => sum + length + AROUND, 0);
    capture.told({ type: "packets", packets: passed.slice(count - told), count: capture.count, bytes: capture.bytes });
  }

  /** Breaks a capture off. */
  fail(number: number, error: ErrorReport): void {
    const capture = this.captures.get(number);
    if (!capture) return;
    capture.isOver = true;
    capture.told({ type: "failed", error });
  }

  /** Prints something in all that is open of a node. */
  print(node: string, text: string): void {
    for (const terminal of this.open.values()) if (terminal.wish.node === node) terminal.print(text);
  }

  /** What is open of nodes that stopped or were started again ends. */
  nodesChanged(before: NodesOfLab, after: NodesOfLab): void {
    const since = new Map(before.nodes.map((node) => [node.name, node.since]));
    for (const node of after.nodes) {
      const name = `${after.name}/${node.name}`;
      if (node.since) this.#stopped.delete(name);
      else this.#stopped.add(name);
      if (since.get(node.name) !== node.since) this.#endAll(after.name, node.name);
    }
  }

  /** Time passes: logs get a line each second, captures their packets. */
  advance(milliseconds: number, now: number): void {
    const [from, to] = [now - milliseconds, now].map((at) => Math.floor(at / 1000)) as [number, number];
    const lines = Array.from({ length: to - from }, (_, index) => `Agent ConfigAgent is up for ${(from + index) % 3600} s\n`);
    for (const { shell, print } of this.open.values()) if (!shell && lines.length > 0) print(lines.join(""));
    for (const [number, capture] of this.captures) {
      capture.waited += milliseconds;
      const count = passing(capture.waited);
      if (count === 0) continue;
      capture.waited = 0;
      this.pass(number, count);
    }
  }

  #endAll(lab: string, node: string): void {
    for (const [number, { wish }] of [...this.open]) {
      if (wish.lab === lab && wish.node === node) this.#end(number, wish.what === "logs" ? 0 : KILLED);
    }
  }

  #end(number: number, exit_code: number): void {
    const terminal = this.open.get(number);
    this.open.delete(number);
    terminal?.told({ type: "ended", exit_code });
  }
}

function notRunning({ lab, node }: TerminalWish): ErrorReport {
  return {
    code: "node_not_running",
    message: `node ${node} of lab ${lab} does not run: it is stopped`,
    hints: [`Start it with: lw lab start ${lab} ${node}`],
    chain: [],
  };
}
