import type { RunEvent } from "../generated/RunEvent";
import type { RunWish } from "../generated/RunWish";

/** How long a command takes here, in milliseconds, and how many nodes have it at once. */
const TAKES = 400;
const AT_ONCE = 8;
const KEPT = 64 * 1024;

interface FakeRun {
  wish: RunWish;
  told: (event: RunEvent) => void;
  waiting: string[];
  running: { node: string; passed: number }[];
}

/** Commands in nodes that do not exist: `false` fails, `flood` prints too much, `sleep` never ends, everything else says what it was. */
export class FakeRuns {
  readonly open = new Map<number, FakeRun>();
  #number = 0;

  begin(wish: RunWish, told: (event: RunEvent) => void): number {
    const number = ++this.#number;
    const run: FakeRun = { wish, told, waiting: [...wish.nodes], running: [] };
    this.open.set(number, run);
    this.#next(run);
    return number;
  }

  end(number: number): void {
    this.open.delete(number);
  }

  /** Time passes. */
  advance(milliseconds: number): void {
    for (const [number, run] of this.open) {
      if (run.wish.command.startsWith("sleep")) continue;
      for (const one of run.running) one.passed += milliseconds;
      const ended = run.running.filter(({ passed }) => passed >= TAKES);
      run.running = run.running.filter(({ passed }) => passed < TAKES);
      for (const { node } of ended) run.told(outcome(node, run.wish.command));
      this.#next(run);
      if (run.running.length === 0) this.open.delete(number);
    }
  }

  #next(run: FakeRun): void {
    for (const node of run.waiting.splice(0, AT_ONCE - run.running.length)) {
      run.running.push({ node, passed: 0 });
      run.told({ type: "started", node });
    }
  }
}

function outcome(node: string, command: string): RunEvent {
  const ended = { type: "ended", node, milliseconds: TAKES } as const;
  if (command === "flood") return { ...ended, exit_code: 0, output: `${"x".repeat(63)}\n`.repeat(KEPT / 64), bytes: 3 * 2 ** 20, kept: KEPT };
  const output = command === "false" ? "" : `${node}: ${command}\n`;
  return { ...ended, exit_code: command === "false" ? 1 : 0, output, bytes: output.length, kept: output.length };
}
