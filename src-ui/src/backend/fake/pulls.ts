/** What happens to pulls, and when: three layers at a time, unpacked in their order where the engine tells of that. */

import type { Change } from "../generated/Change";
import type { ErrorReport } from "../generated/ErrorReport";
import type { Progress } from "../generated/Progress";
import { jobId, type Moment } from "./timeline";

export interface PullScript {
  /** When it is asked for, in milliseconds since 1970. */
  at: number;
  reference: string;
  /** Bytes of each layer. */
  layers: number[];
  /** How the engine keeps images: it decides what is told of unpacking. */
  store?: "classic" | "containerd" | "podman";
  engine?: string;
  size?: number;
  /** How long it waits for its turn, in milliseconds. */
  waits?: number;
  /** Bytes a second, of all layers together. */
  rate?: number;
  /** How many layers the engine has already. */
  there?: number;
  /** Why the registry could not be asked. */
  unanswered?: string;
  /** The layer whose download breaks in its middle, by its place, and how often. */
  breaks?: { layer: number; times: number };
  /** The layer of which nothing comes any more after its middle. */
  stalls?: number;
  /** What the registry refuses it with. */
  error?: ErrorReport;
}

interface FakeLayer {
  step: number;
  id: string;
  size: number;
  done: number;
  unpacked: number;
  phase: "pending" | "coming" | "came" | "unpacked" | "there";
  breaks: number;
  /** Ticks until the engine tries again. */
  wait: number;
}

const MIB = 2 ** 20;
const AT_ONCE = 3;
const TICK = 200;
const [MANIFEST, DOWNLOAD, STORE, VERIFY] = [1, 2, 3, 4] as const;
const OK = { type: "succeeded" } as const;

/** As many layers as are wanted, of sizes as they are: a few large ones, and many small ones. */
export function sizes(count: number, total = 300 * MIB): number[] {
  const shares = Array.from({ length: count }, (_, index) => [9, 14, 4, 1, 34, 5, 0.4, 21, 2, 7, 0.1, 3][index % 12] ?? 1);
  const sum = shares.reduce((all, share) => all + share, 0);
  return shares.map((share) => Math.max(312, Math.floor((share / sum) * total)));
}

/** All that happens to one pull. */
export function pullMoments(script: PullScript, number = 0): Moment[] {
  return new Pull(script, number).moments();
}

class Pull {
  #script: PullScript;
  #job: string;
  #now: number;
  #moments: Moment[] = [];
  #layers: FakeLayer[];
  #store: "classic" | "containerd" | "podman";
  #downloaded = false;

  constructor(script: PullScript, number: number) {
    this.#script = script;
    this.#store = script.store ?? "classic";
    this.#job = jobId(script.at, number);
    this.#now = script.at;
    this.#layers = script.layers.map((size, index) => {
      const isThere = index < (script.there ?? 0);
      return { step: VERIFY + 1 + index, id: digits(size + index * 7919 + number), size, done: isThere ? size : 0, unpacked: isThere ? size : 0, phase: isThere ? "there" : "pending", breaks: script.breaks?.layer === index ? script.breaks.times : 0, wait: 0 };
    });
  }

  moments(): Moment[] {
    this.#then(0, { type: "queued", kind: "pull", title: `Pull ${this.#script.reference} into ${this.#engine}` });
    this.#then(0, { type: "subject", subject: this.#script.reference });
    this.#then(this.#script.waits ?? 2, { type: "started" });
    const names = ["Manifest", "Download", this.#store === "podman" ? "Engine commit" : "Extract", "Verify"];
    names.forEach((name, index) => this.#then(0, { type: "step_added", step: index + 1, parent: null, name }));
    if (!this.#manifest()) return this.#moments;
    this.#begin();
    if (!this.#fetch()) return this.#moments;
    this.#end();
    return this.#moments;
  }

  get #engine(): string {
    return this.#script.engine ?? "Docker 28.5";
  }

  get #total(): number {
    return this.#layers.reduce((all, { size }) => all + size, 0);
  }

  #then(wait: number, change: Change): void {
    this.#now += wait;
    this.#moments.push({ at: this.#now, job: this.#job, change });
  }

  #progress(step: number, progress: Progress): void {
    this.#then(0, { type: "progress", step, progress });
  }

  #finish(step: number, outcome: Extract<Change, { type: "step_finished" }>["outcome"]): void {
    this.#then(0, { type: "step_finished", step, outcome });
  }

  /** Asks the registry; false if that was the end. */
  #manifest(): boolean {
    const { error, unanswered, layers } = this.#script;
    this.#then(0, { type: "step_started", step: MANIFEST });
    if (error) {
      this.#then(340, { type: "step_finished", step: MANIFEST, outcome: { type: "failed", message: error.message } });
      for (const step of [DOWNLOAD, STORE, VERIFY]) this.#finish(step, { type: "skipped", why: "the job failed before" });
      this.#then(1, { type: "finished", outcome: { type: "failed", error } });
      return false;
    }
    this.#then(380, unanswered ? { type: "step_finished", step: MANIFEST, outcome: { type: "skipped", why: unanswered } } : { type: "log", step: MANIFEST, line: `sha256:${"4f9d1c6b20a7e853".repeat(4)} for linux/amd64: ${layers.length} layers, ${this.#total} bytes` });
    if (!unanswered) this.#finish(MANIFEST, OK);
    return true;
  }

  #begin(): void {
    this.#then(2, { type: "step_started", step: DOWNLOAD });
    for (const { step, id } of this.#layers) this.#then(0, { type: "step_added", step, parent: DOWNLOAD, name: id });
    for (const { step, phase } of this.#layers) {
      if (phase === "there") this.#finish(step, { type: "skipped", why: "the engine had it" });
    }
  }

  /** Lets the layers come; false if they never all do. */
  #fetch(): boolean {
    const rate = this.#script.rate ?? 24 * MIB;
    for (let tick = 0; tick < 9000; tick += 1) {
      if (this.#layers.every(({ phase }) => phase === "unpacked" || phase === "there")) return true;
      this.#now += TICK;
      const coming = this.#coming();
      for (const layer of coming) this.#receive(layer, rate / coming.length, tick);
      this.#tellDownload(coming.length > 0 && tick > 1 ? rate : null);
      this.#unpack(rate * 2);
      if (coming.length && coming.every((layer) => this.#isStuck(layer))) return this.#stall(coming);
    }
    return false;
  }

  #coming(): FakeLayer[] {
    const open = this.#layers.filter(({ phase }) => phase === "pending" || phase === "coming").slice(0, AT_ONCE);
    for (const layer of open.filter(({ phase }) => phase === "pending")) {
      layer.phase = "coming";
      this.#then(0, { type: "step_started", step: layer.step });
    }
    return open;
  }

  #isStuck(layer: FakeLayer): boolean {
    return this.#layers[this.#script.stalls ?? -1] === layer && layer.done * 2 >= layer.size;
  }

  #receive(layer: FakeLayer, rate: number, tick: number): void {
    if (layer.wait > 0) {
      layer.wait -= 1;
      return;
    }
    if (this.#isStuck(layer)) return;
    if (layer.breaks > 0 && layer.done * 2 >= layer.size) {
      layer.breaks -= 1;
      layer.wait = 5000 / TICK;
      const registry = this.#script.reference.split("/")[0] ?? "docker.io";
      this.#then(0, { type: "log", step: layer.step, line: `layer ${layer.id}: the download from ${registry} broke; the engine tries again in 5 s` });
      return;
    }
    layer.done = Math.min(layer.size, layer.done + Math.floor((rate * TICK) / 1000));
    this.#progress(layer.step, { done: layer.done, total: layer.size, unit: "bytes", rate: tick > 1 ? Math.floor(rate) : null });
    if (layer.done < layer.size) return;
    layer.phase = this.#store === "podman" ? "unpacked" : "came";
    this.#finish(layer.step, OK);
  }

  #tellDownload(rate: number | null): void {
    if (this.#downloaded) return;
    const isKnown = !this.#script.unanswered || this.#layers.every(({ phase }) => phase !== "pending");
    const done = this.#layers.reduce((all, layer) => all + layer.done, 0);
    this.#progress(DOWNLOAD, { done, total: isKnown ? this.#total : null, unit: "bytes", rate });
    if (this.#layers.some(({ phase }) => phase === "pending" || phase === "coming")) return;
    this.#downloaded = true;
    this.#finish(DOWNLOAD, OK);
    if (this.#store === "podman") this.#then(0, { type: "step_started", step: STORE });
  }

  /** Layers are unpacked from the lowest on, one after the other. */
  #unpack(rate: number): void {
    if (this.#store === "podman") return;
    let left = Math.floor((rate * TICK) / 1000);
    for (const layer of this.#layers) {
      if (layer.phase === "pending" || layer.phase === "coming" || left <= 0) break;
      const part = Math.min(left, layer.size - layer.unpacked);
      layer.unpacked += part;
      left -= part;
      if (layer.unpacked === layer.size && layer.phase === "came") layer.phase = "unpacked";
    }
    const unpacked = this.#layers.reduce((all, layer) => all + layer.unpacked, 0);
    const begun = this.#layers.some((layer) => layer.phase !== "there" && layer.unpacked > 0);
    if (!begun) return;
    if (!this.#moments.some(({ change }) => change.type === "step_started" && change.step === STORE)) this.#then(0, { type: "step_started", step: STORE });
    const ended = this.#layers.filter(({ phase }) => phase === "unpacked" || phase === "there").length;
    if (this.#store === "classic") this.#progress(STORE, { done: unpacked, total: this.#script.unanswered && !this.#downloaded ? null : this.#total, unit: "bytes", rate: null });
    else this.#progress(STORE, { done: ended, total: this.#layers.length, unit: "items", rate: null });
  }

  #stall(layers: FakeLayer[]): false {
    for (const { step, id } of layers) this.#then(30_000, { type: "stalled", step, waiting_for: `ghcr.io to send layer ${id}` });
    this.#then(0, { type: "stalled", step: DOWNLOAD, waiting_for: "ghcr.io to send the image" });
    return false;
  }

  #end(): void {
    const nothingNew = this.#layers.every(({ phase }) => phase === "there");
    if (nothingNew) this.#tellDownload(null);
    for (let second = 1; this.#store === "podman" && second <= 4; second += 1) {
      this.#then(1000, { type: "progress", step: STORE, progress: { done: second, total: null, unit: "seconds", rate: null } });
    }
    this.#finish(STORE, nothingNew ? { type: "skipped", why: "the engine had every layer" } : OK);
    this.#then(0, { type: "step_started", step: VERIFY });
    this.#then(90, { type: "step_finished", step: VERIFY, outcome: OK });
    this.#then(1, { type: "finished", outcome: { type: "succeeded", result: this.#result(nothingNew) } });
  }

  #result(already_there: boolean): Record<string, unknown> {
    const came = this.#layers.slice(this.#script.there ?? 0);
    return {
      references: [this.#script.reference],
      image_id: `sha256:${this.#job.repeat(4).slice(0, 64)}`,
      digest: `sha256:${"4f9d1c6b20a7e853".repeat(4)}`,
      size: this.#script.size ?? Math.floor(this.#total * 2.6),
      architecture: "amd64",
      layers: this.#layers.length,
      layers_before: this.#layers.length - came.length,
      downloaded: came.reduce((all, { size }) => all + size, 0),
      engine: this.#engine,
      engine_id: "engine-1",
      already_there,
      warnings: [],
      untagged: null,
    };
  }
}

/** Twelve digits, as engines call a layer. */
function digits(seed: number): string {
  const one = (factor: number): string => ((Math.floor(seed + 11) * factor) % 2 ** 32).toString(16).padStart(8, "0");
  return `${one(2654435761)}${one(40503)}`.slice(0, 12);
}
