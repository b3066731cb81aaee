import type { ErrorReport } from "../../../backend/generated/ErrorReport";
import type { RunEvent } from "../../../backend/generated/RunEvent";
import type { Look } from "../../../shared/look";
import type { App } from "../../../state/app.svelte";
import { asReport } from "../../../state/report";
import { bytes, count, duration } from "../../../words/units";

/** What came of a command in a node so far; null before its turn. */
export interface NodeResult {
  node: string;
  event: RunEvent | null;
}

/** A command that runs in nodes of a lab, and what came of the last one. */
export class CommandRun {
  command: string = $state("");
  /** What was run; empty before the first time. */
  ran: string = $state("");
  isRunning: boolean = $state(false);
  /** Whether the user ended it before the nodes had. */
  isStopped: boolean = $state(false);
  error: ErrorReport | null = $state.raw(null);
  #app: App;
  #lab: string;
  #nodes: string[];
  #events: ReadonlyMap<string, RunEvent> = $state.raw(new Map());
  /** Those of an earlier run are not this one's. */
  #turn = 0;
  #number: number | null = null;

  readonly results: NodeResult[] = $derived.by(() => this.#nodes.map((node) => ({ node, event: this.#events.get(node) ?? null })));
  readonly ended: number = $derived.by(() => [...this.#events.values()].filter(({ type }) => type !== "started").length);

  constructor(app: App, lab: string, nodes: string[]) {
    this.#app = app;
    this.#lab = lab;
    this.#nodes = nodes;
  }

  async run(): Promise<void> {
    if (this.isRunning || this.command.trim() === "") return;
    const turn = this.#begin();
    const wish = { lab: this.#lab, nodes: this.#nodes, command: this.command };
    try {
      const number = await this.#app.backend.runInNodes(wish, (event) => this.#told(turn, event));
      // It was ended before it had a number.
      if (turn !== this.#turn) void this.#app.askAside((backend) => backend.endRun(number));
      else this.#number = number;
    } catch (reason) {
      if (turn !== this.#turn) return;
      this.error = asReport(reason);
      this.isRunning = false;
    }
  }

  /** Ends it in all nodes. What has come stays. */
  stop(): void {
    if (!this.isRunning) return;
    this.isStopped = true;
    this.#end();
  }

  #begin(): number {
    this.#end();
    this.ran = this.command;
    this.#events = new Map();
    this.error = null;
    this.isStopped = false;
    this.isRunning = true;
    return this.#turn;
  }

  #end(): void {
    this.#turn += 1;
    this.isRunning = false;
    const number = this.#number;
    this.#number = null;
    if (number !== null) void this.#app.askAside((backend) => backend.endRun(number));
  }

  #told(turn: number, event: RunEvent): void {
    if (turn !== this.#turn) return;
    this.#events = new Map(this.#events).set(event.node, event);
    if (this.ended < this.#nodes.length) return;
    this.isRunning = false;
    this.#app.announcer.say(this.summary);
  }

  /** `2 of 3 well`, once something has ended. */
  get summary(): string {
    const well = [...this.#events.values()].filter((event) => event.type === "ended" && event.exit_code === 0).length;
    return `${well} of ${count(this.#nodes.length, "node")} without an error`;
  }

  /** All that was printed, with the nodes' names. */
  get text(): string {
    return this.results.map(({ node, event }) => `${node}: ${resultFace(event, this.isStopped).words}\n${event?.type === "ended" ? event.output : ""}`).join("\n");
  }
}

/** How a node's part stands, in words. */
export function resultFace(event: RunEvent | null, isStopped: boolean): { look: Look; words: string } {
  if (!event) return { look: "plain", words: isStopped ? "not run" : "waits for its turn" };
  switch (event.type) {
    case "started":
      return isStopped ? { look: "warn", words: "stopped" } : { look: "run", words: "runs" };
    case "failed":
      return { look: "bad", words: "not run to its end" };
    case "ended": {
      const took = duration(event.milliseconds);
      return event.exit_code === 0 ? { look: "ok", words: `done in ${took}` } : { look: "bad", words: `ended with ${event.exit_code} after ${took}` };
    }
  }
}

/** What is said of output that is not all there; empty where it is. */
export function cutWords(event: RunEvent): string {
  if (event.type !== "ended" || event.kept >= event.bytes) return "";
  return `The first ${bytes(event.kept)} of ${bytes(event.bytes)}`;
}
