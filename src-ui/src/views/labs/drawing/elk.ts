import workerUrl from "elkjs/lib/elk-worker.min.js?url";
import { arranged, elkGraph, hasTiers, roundGraph, type ElkGraph, type Graph, type Point } from "./layout";
import { isTall, larger, upright } from "./spread";

/** What the worker answers to a question of a number. */
interface Answer {
  id: number;
  data?: ElkGraph;
  error?: unknown;
}

/** Lays graphs out, away from the thread that draws. The worker comes with the first graph, if not before, and stays. */
class Layouter {
  #worker: Worker | undefined;
  #asked = 0;
  #waiting = new Map<number, { resolve: (answer: ElkGraph) => void; reject: (reason: unknown) => void }>();

  /** Reads the program, which takes as long as laying out a large lab does, before there is one. */
  warm(): void {
    this.#worker ??= this.#start();
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
