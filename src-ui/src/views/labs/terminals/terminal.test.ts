import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ErrorReport } from "../../../backend/generated/ErrorReport";
import type { LabNodeStanding } from "../../../backend/generated/LabNodeStanding";
import type { TerminalEvent } from "../../../backend/generated/TerminalEvent";
import type { TerminalKind } from "../../../backend/generated/TerminalKind";
import type { TerminalWish } from "../../../backend/generated/TerminalWish";
import { PaperScreen } from "./paper";
import { TerminalSession } from "./terminal.svelte";

const NOON = Date.UTC(2026, 10, 21, 12);
const REFUSED: ErrorReport = { code: "node_not_running", message: "node leaf1 does not run", chain: ["it is \x1b[31mstopped\x1b[0m"], hints: ["Start it."] };

beforeEach(() => void vi.useFakeTimers({ now: NOON }));
afterEach(() => void vi.useRealTimers());

/** What a program in a node would do, done by the test. */
class Program {
  readonly wishes: TerminalWish[] = [];
  readonly typed: string[] = [];
  readonly sizes: string[] = [];
  readonly closed: number[] = [];
  refuses: ErrorReport | null = null;
  print: (text: string) => void = () => {};
  tell: (event: TerminalEvent) => void = () => {};
  /** While it is set, what is typed is not taken. */
  gate: Promise<void> | null = null;

  readonly backend = {
    openTerminal: async (wish: TerminalWish, output: (bytes: Uint8Array) => void, told: (event: TerminalEvent) => void): Promise<number> => {
      this.wishes.push(wish);
      if (this.refuses) throw this.refuses;
      this.print = (text) => output(new TextEncoder().encode(text));
      this.tell = told;
      return this.wishes.length;
    },
    typeInto: async (_: number, text: string): Promise<void> => {
      await this.gate;
      this.typed.push(text);
    },
    resizeTerminal: async (terminal: number, columns: number, rows: number): Promise<void> => void this.sizes.push(`${terminal}: ${columns}x${rows}`),
    closeTerminal: async (terminal: number): Promise<void> => void this.closed.push(terminal),
  };
}

const soon = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

function session(what: TerminalKind = "console"): { terminal: TerminalSession; program: Program; screen: PaperScreen; said: string[] } {
  const program = new Program();
  const screen = new PaperScreen();
  const said: string[] = [];
  const terminal = new TerminalSession(1, { lab: "dc1", node: "leaf1", what }, 1, {
    backend: program.backend,
    makeScreen: async (_, events) => screen.listen(events),
    isRead: false,
    say: (text) => void said.push(text),
    copy: () => {},
  });
  return { terminal, program, screen, said };
}

async function opened(what: TerminalKind = "console"): Promise<ReturnType<typeof session>> {
  const made = session(what);
  void made.terminal.begin();
  await soon();
  return made;
}

const standing = (since: string, stands: LabNodeStanding): { name: string; since: string; standing: LabNodeStanding } => ({ name: "leaf1", since, standing: stands });
const FIRST = standing("2026-11-21T11:00:00Z", "ready");
const STOPPED = standing("", "stopped");
const BOOTING = standing("2026-11-21T12:00:30Z", "booting");
const SECOND = standing("2026-11-21T12:00:30Z", "ready");

test("it opens as large as its screen, and shows what comes", async () => {
  const { terminal, program, screen } = await opened();
  expect(program.wishes).toEqual([{ lab: "dc1", node: "leaf1", what: "console", columns: 80, rows: 24 }]);
  program.print("leaf1#");
  expect([terminal.phase, screen.text]).toEqual(["open", "leaf1#"]);
});

test("what is typed arrives in its order, and all of it, also what was typed before the program was there", async () => {
  const { terminal, program, screen } = session();
  void terminal.begin();
  await vi.advanceTimersByTimeAsync(0);
  let free = (): void => {};
  program.gate = new Promise((done) => (free = done));
  for (const letter of "show") screen.type(letter);
  await soon();
  free();
  await soon();
  expect(program.typed.join("")).toBe("show");
  expect(program.typed).toHaveLength(2);
});

test("of many sizes the last is sent, once it has settled, and none that it has", async () => {
  const { program, screen } = await opened();
  for (let columns = 81; columns < 120; columns += 1) screen.resize(columns, 30);
  await vi.advanceTimersByTimeAsync(500);
  screen.resize(119, 30);
  await vi.advanceTimersByTimeAsync(500);
  expect(program.sizes).toEqual(["1: 119x30"]);
});

test("its end is said with the code, and Enter opens it again below", async () => {
  const { terminal, program, screen, said } = await opened();
  terminal.nodeStands(FIRST);
  program.tell({ type: "ended", exit_code: 3 });
  await soon();
  expect(terminal.phase).toBe("ended");
  expect(screen.text).toContain("The console of leaf1 ended with exit code 3. Enter opens it again.");
  expect([said, program.closed]).toEqual([["The console of leaf1 ended"], [1]]);
  screen.type("x");
  await soon();
  expect(program.wishes).toHaveLength(1);
  screen.type("\r");
  await soon();
  expect([terminal.phase, program.wishes.length, program.typed]).toEqual(["open", 2, []]);
});

test("a refusal is told with its causes, and with no code that the terminal would follow", async () => {
  const { terminal, program, screen } = session();
  program.refuses = REFUSED;
  void terminal.begin();
  await soon();
  expect(terminal.phase).toBe("failed");
  expect(screen.text).toContain("Node leaf1 does not run\r\nbecause it is [31mstopped [0m\r\nStart it.\r\nEnter tries again.");
});

test("a console that ended with its node opens again when the node is ready, and not before", async () => {
  const { terminal, program, screen } = await opened();
  terminal.nodeStands(FIRST);
  program.tell({ type: "ended", exit_code: 137 });
  await soon();
  expect(terminal.isWaiting).toBe(false);
  terminal.nodeStands(STOPPED);
  await soon();
  expect(terminal.isWaiting).toBe(true);
  expect(screen.text).toContain("leaf1 does not run. This opens by itself when it does.");
  terminal.nodeStands(BOOTING);
  await soon();
  expect(program.wishes).toHaveLength(1);
  terminal.nodeStands(SECOND);
  await soon();
  expect([terminal.phase, terminal.isWaiting, program.wishes.length]).toEqual(["open", false, 2]);
  expect(screen.text.match(/leaf1 runs again\./g)).toHaveLength(1);
});

test("a restart that was too quick to be seen is known by its time, whichever is told first", async () => {
  const { terminal, program } = await opened("shell");
  terminal.nodeStands(FIRST);
  terminal.nodeStands(SECOND);
  program.tell({ type: "ended", exit_code: 137 });
  await soon();
  expect([terminal.phase, program.wishes.length]).toEqual(["open", 2]);
});

test("a shell and a log open as soon as the node runs; a log says where it begins", async () => {
  for (const what of ["shell", "logs"] as const) {
    const { terminal, program, screen } = await opened(what);
    terminal.nodeStands(FIRST);
    program.tell({ type: "ended", exit_code: 0 });
    terminal.nodeStands(STOPPED);
    terminal.nodeStands(BOOTING);
    await soon();
    expect([terminal.phase, program.wishes.length]).toEqual(["open", 2]);
    expect(screen.text).toContain(what === "logs" ? "Its log, from its last lines on:" : "leaf1 runs again.");
  }
});

test("who left a program long before its node stopped is not asked again", async () => {
  const { terminal, program } = await opened();
  terminal.nodeStands(FIRST);
  program.tell({ type: "ended", exit_code: 0 });
  await vi.advanceTimersByTimeAsync(300_000);
  terminal.nodeStands(STOPPED);
  terminal.nodeStands(standing("2026-11-21T12:06:00Z", "ready"));
  await soon();
  expect([terminal.phase, terminal.isWaiting, program.wishes.length]).toEqual(["ended", false, 1]);
});

test("a console that a booting node refuses waits until it is ready, and tries once", async () => {
  const { terminal, program } = session();
  terminal.nodeStands(BOOTING);
  program.refuses = REFUSED;
  void terminal.begin();
  await soon();
  terminal.nodeStands(BOOTING);
  await soon();
  expect([terminal.isWaiting, program.wishes.length]).toEqual([true, 1]);
  terminal.nodeStands(SECOND);
  await soon();
  terminal.nodeStands(SECOND);
  await soon();
  expect([terminal.phase, terminal.isWaiting, program.wishes.length]).toEqual(["failed", false, 2]);
});

test("nothing is known of a lab that was not told: nothing is said of its nodes", async () => {
  const { terminal, program, screen } = await opened();
  program.tell({ type: "ended", exit_code: 137 });
  await soon();
  expect([terminal.isWaiting, screen.text.includes("does not run")]).toEqual([false, false]);
});

test("a search goes from the newest on, says how it stands, and leaves no marks", async () => {
  const { terminal, screen } = await opened();
  terminal.find.open();
  terminal.find.type("leaf");
  screen.found(2, 3);
  expect(terminal.find.standing).toBe("3 of 3");
  terminal.find.previous();
  screen.found(-1, 1000);
  expect(terminal.find.standing).toBe("more than 1000");
  terminal.find.type("leaf9");
  screen.found(-1, 0);
  expect(terminal.find.standing).toBe("not found");
  terminal.find.type("");
  terminal.find.close();
  screen.found(0, 3);
  expect([terminal.find.standing, terminal.find.count]).toEqual(["", 0]);
  expect(screen.asked).toEqual(["typed leaf", "previous leaf", "typed leaf9", "endFind", "endFind"]);
});

test("nothing is typed into a log", async () => {
  const { program, screen } = await opened("logs");
  screen.type("x");
  await soon();
  expect(program.typed).toEqual([]);
});

test("closing closes the program, also one that is only being opened, and what comes late is not shown", async () => {
  const { terminal, program, screen } = session();
  void terminal.begin();
  await Promise.resolve();
  terminal.close();
  await soon();
  const other = await opened();
  other.terminal.close();
  other.program.print("late");
  other.program.tell({ type: "ended", exit_code: 0 });
  await soon();
  expect([program.closed.length, program.wishes.length]).toEqual([program.wishes.length, program.wishes.length]);
  expect([other.program.closed, other.screen.text, screen.isDisposed]).toEqual([[1], "", true]);
});
