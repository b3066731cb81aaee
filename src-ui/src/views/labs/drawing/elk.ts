import workerUrl from "elkjs/lib/elk-worker.min.js?url";
import { arranged, elkGraph, hasTiers, roundGraph, type ElkGraph, type Graph, type Point } from "./layout";
import { isTall, larger, upright } from "./spread";

/** What the worker answers to a question of a number. */
interface Answer {
  id: number;
  data?: ElkGraph;
  error?: unknown;
}

/** As small as has all that a large lab has: two parts, with tiers. */
const SAMPLE: Graph = {
  boxes: ["a", "b"].flatMap((part) => ["spine1", "spine2", "leaf1", "leaf2", "leaf3"].map((name) => ({ id: `${part}-${name}`, width: 150, height: 50 }))),
  joins: ["a", "b"].flatMap((part) => ["leaf1", "leaf2", "leaf3"].flatMap((leaf) => ["spine1", "spine2"].map((spine): [string, string] => [`${part}-${spine}`, `${part}-${leaf}`]))),
};

/** Lays graphs out, away from the thread that draws. The worker comes with the first graph, if not before, and stays. */
class Layouter {
  #worker: Worker | undefined;
  #asked = 0;
  #waiting = new Map<number, { resolve: (answer: ElkGraph) => void; reject: (reason: unknown) => void }>();

  /** Reads the program and has it lay out a sample, before there is a lab: the first time takes twice as long as any other. */
  warm(): void {
    if (!this.#worker) void this.#ask(elkGraph(SAMPLE)).catch(() => undefined);
  }

  /** Where everything stands, so that it can be shown large in a room that is so many times as wide as it is high. */
  async layOut(graph: Graph, aspect: number): Promise<Map<string, Point>> {
    const { boxes } = graph;
    if (boxes.length === 0) return new Map();
    const laid = arranged(graph, await this.#ask(elkGraph(graph)));
    if (hasTiers(graph) || !isTall(boxes, laid, aspect)) return laid;
    const round = upright(boxes, arranged(graph, await this.#ask(roundGraph(graph))));
    return larger(boxes, laid, round, aspect);
  }

  #ask(graph: ElkGraph): Promise<ElkGraph> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, cmd: "layout", graph, layoutOptions: {}, options: {} });
    });
  }

  #start(): Worker {
    const worker = new Worker(workerUrl);
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.data) waiting?.resolve(data.data);
      else waiting?.reject(new Error(wordsOf(data.error)));
    };
    // Without the worker nobody will answer any more; the next question starts another.
    worker.onerror = (event) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(event.message || "the layout's worker ended"));
      this.#waiting.clear();
      this.#worker = undefined;
    };
    worker.postMessage({ id: 0, cmd: "register", algorithms: ["layered", "stress"] });
    return worker;
  }
}

function wordsOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}

export const layouter = new Layouter();
