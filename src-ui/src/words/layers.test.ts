import { expect, test } from "vitest";
import { Step } from "../state/step.svelte";
import { layerBars, layerCount, layerTrouble, manifestIn } from "./layers";

const MIB = 2 ** 20;

function download(total: number | null): Step {
  const step = new Step(2, null, "Download");
  step.start(0);
  step.advance({ done: 10 * MIB, total, unit: "bytes", rate: null });
  return step;
}

/** A layer of which so much came; nothing of it did without a size. */
function layer(id: number, done?: number, size: number | null = null): Step {
  const step = new Step(id, 2, `d7ec08ad45${id}`);
  if (done === undefined) return step;
  step.start(0);
  step.advance({ done, total: size, unit: "bytes", rate: null });
  return step;
}

function came(id: number, size: number): Step {
  const step = layer(id, size, size);
  step.finish({ type: "succeeded" }, 5);
  return step;
}

function there(id: number): Step {
  const step = layer(id);
  step.finish({ type: "skipped", why: "the engine had it" }, 5);
  return step;
}

test("a layer is as wide as it is large, and those of unknown size share what remains", () => {
  const bars = layerBars(download(100 * MIB), [came(10, 30 * MIB), layer(11, 2 * MIB, 10 * MIB), layer(12), there(13)]);
  expect(bars.map(({ look, part, share }) => [look, part, share / MIB])).toEqual([
    ["came", 1, 30],
    ["coming", 0.2, 10],
    ["waiting", 0, 30],
    ["there", 1, 30],
  ]);
  expect(bars.map(({ title }) => title)).toEqual([
    "d7ec08ad4510 · 30.0 MiB",
    "d7ec08ad4511 · 2.00 of 10.0 MiB",
    "d7ec08ad4512 · waits",
    "d7ec08ad4513 · the engine had it",
  ]);
});

test("without a total the unknown ones are as wide as the others on average", () => {
  expect(layerBars(download(null), [came(10, 30), layer(11, 2, 10), layer(12)]).map(({ share }) => share)).toEqual([30, 10, 20]);
  expect(layerBars(download(null), [layer(10), layer(11)]).map(({ share }) => share)).toEqual([1, 1]);
});

test("a layer whose size nobody told is not filled by a guess", () => {
  expect(layerBars(download(null), [layer(10, 5 * MIB)]).map(({ look, part, title }) => [look, part, title])).toEqual([["coming", 0, "d7ec08ad4510 · 5.00 MiB"]]);
});

test("layers that came or were there are counted, and more may come while there is no total", () => {
  const layers = [came(10, 5), there(11), layer(12)];
  expect(layerCount(download(100 * MIB), layers)).toBe("2 of 3 layers");
  expect(layerCount(download(null), layers)).toBe("2 of 3 layers so far");
  expect(layerCount(new Step(2, null, "Download"), [])).toBe("");
});

test("a download that broke off is told until something of it comes again", () => {
  const broken = layer(10, 5, 10);
  broken.say();
  const stalled = layer(11, 5, 10);
  stalled.stall("ghcr.io to send it");
  expect(layerTrouble([broken, stalled, layer(12)])).toBe("1 broke off · 1 stalled");
  expect(layerBars(download(100 * MIB), [broken])[0]).toMatchObject({ look: "broken", title: "d7ec08ad4510 · 5 of 10 B · broke off, the engine tries again" });
  broken.advance({ done: 5, total: 10, unit: "bytes", rate: 1 });
  expect(layerTrouble([broken])).toBe("1 broke off");
  broken.advance({ done: 6, total: 10, unit: "bytes", rate: 1 });
  expect(layerTrouble([broken])).toBe("");
});

test("the manifest's line is told from all others", () => {
  const digest = `sha256:${"4f".repeat(32)}`;
  expect(manifestIn(`${digest} for linux/amd64: 12 layers, 314572800 bytes`)).toEqual({ digest, facts: "linux/amd64 · 12 layers · 300 MiB" });
  expect(manifestIn(`${digest} for linux/arm/v7: 1 layers, 512 bytes`)?.facts).toBe("linux/arm/v7 · 1 layer · 512 B");
  expect(manifestIn("going on without a login: the keyring is locked")).toBeNull();
});
