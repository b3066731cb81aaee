/** The layers of a pull in words and figures. They are the steps below its download. */

import type { ReadableStep } from "./steps";
import { amount, bytes, count, joined } from "./units";

/** A layer's step; the live ones of `state/job` have it all. */
export interface LayerStep extends ReadableStep {
  readonly saidLast: boolean;
}

/** How a layer stands. Its download broke off, or stalled, or it was there before the pull. */
export type LayerLook = "waiting" | "coming" | "broken" | "stalled" | "came" | "there";

/** One layer as it is drawn. */
export interface LayerBar {
  /** The step's name within the job. */
  id: number;
  look: LayerLook;
  /** The part that came, from 0 to 1. */
  part: number;
  /** How wide it is, compared with the others. */
  share: number;
  title: string;
}

/** A bar for each layer, in the manifest's order. */
export function layerBars(download: ReadableStep, layers: readonly LayerStep[]): LayerBar[] {
  const unknown = unknownShare(download, layers);
  return layers.map((layer) => ({
    id: layer.id,
    look: layerLook(layer),
    part: partOf(layer),
    share: sizeOf(layer) ?? unknown,
    title: joined([layer.name, told(layer)]),
  }));
}

/** `7 of 12 layers`. Before the download has a total, more of them may still be told of. */
export function layerCount(download: ReadableStep, layers: readonly ReadableStep[]): string {
  if (layers.length === 0) return "";
  const done = layers.filter((layer) => layer.outcome?.type === "succeeded" || layer.outcome?.type === "skipped").length;
  const isOpen = download.outcome === null && download.progress !== null && download.progress.total === null;
  return `${done} of ${count(layers.length, "layer")}${isOpen ? " so far" : ""}`;
}

/** What the registry's manifest says, from the line of output that tells it. */
export interface Manifest {
  digest: string;
  /** `linux/amd64 · 12 layers · 300 MiB`. */
  facts: string;
}

const MANIFEST = /^(\S+:[0-9a-f]+) for (\S+): (\d+) layers?, (\d+) bytes$/;

/** Null for every other line. */
export function manifestIn(line: string): Manifest | null {
  const [, digest, platform, layers, size] = MANIFEST.exec(line) ?? [];
  if (!digest || !platform) return null;
  return { digest, facts: joined([platform, count(Number(layers), "layer"), bytes(Number(size))]) };
}

/** `1 broke off · 1 stalled`: the layers of which nothing comes; empty while all is well. */
export function layerTrouble(layers: readonly LayerStep[]): string {
  const looks = layers.map(layerLook);
  const of = (wanted: LayerLook): number => looks.filter((look) => look === wanted).length;
  return joined([of("broken") > 0 && `${of("broken")} broke off`, of("stalled") > 0 && `${of("stalled")} stalled`]);
}

/** A layer says something only when its download broke; until something of it comes again, the engine waits. */
function layerLook(layer: LayerStep): LayerLook {
  if (layer.outcome) return layer.outcome.type === "skipped" ? "there" : "came";
  if (layer.stalled !== null) return "stalled";
  if (layer.saidLast) return "broken";
  return layer.status === "running" ? "coming" : "waiting";
}

function partOf(layer: LayerStep): number {
  if (layer.outcome?.type === "succeeded" || layer.outcome?.type === "skipped") return 1;
  const { progress } = layer;
  return progress?.total ? progress.done / progress.total : 0;
}

/** A layer's size is told with its first bytes. */
function sizeOf(layer: LayerStep): number | null {
  const { progress } = layer;
  if (!progress) return null;
  return progress.total ?? (layer.outcome?.type === "succeeded" ? progress.done : null);
}

/** What remains of the total, evenly; without a total as much as the others have. It is only drawn, never told. */
function unknownShare(download: ReadableStep, layers: readonly LayerStep[]): number {
  const sizes = layers.map(sizeOf).filter((size) => size !== null);
  const sum = sizes.reduce((all, size) => all + size, 0);
  const total = download.progress?.total ?? null;
  if (total !== null) return Math.max(0, total - sum) / Math.max(1, layers.length - sizes.length);
  return sizes.length ? sum / sizes.length : 1;
}

function told(layer: LayerStep): string {
  const come = layer.progress && amount(layer.progress.done === layer.progress.total ? { ...layer.progress, total: null } : layer.progress);
  if (layer.outcome?.type === "skipped") return layer.outcome.why;
  if (layer.stalled !== null) return joined([come, `stalled, waiting for ${layer.stalled}`]);
  if (layer.saidLast) return joined([come, "broke off, the engine tries again"]);
  return come ?? (layer.status === "pending" ? "waits" : "begins");
}
