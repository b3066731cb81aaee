import { expect, test } from "vitest";
import { pullMoments } from "../../backend/fake/pulls";
import { importMoments } from "../../backend/fake/timeline";
import { images, manyImages } from "../../backend/fake/library";
import { Jobs } from "../../state/jobs.svelte";
import { found, sorted, turned, type Column } from "./order";
import { rowsOf, withArrivals } from "./rows";

const NOW = Date.UTC(2026, 10, 21);
const all = rowsOf(images(NOW));
const references = (column: Column, descending = false): string[] => sorted(all, { column, descending }).map((row) => row.reference);

test("an image with several names has a line for each, and one without a name stands last", () => {
  const [first, ...rest] = images(NOW);
  const rows = rowsOf([{ ...first!, references: [] }, { ...rest[0]!, references: ["a:1", "b:1"] }]);
  expect(rows.map((row) => [row.reference.length > 3, row.tagged])).toEqual([[false, true], [false, true], [true, false]]);
  expect(new Set(rows.map((row) => row.key)).size).toBe(3);
});

test.each(["reference", "kind", "version", "architecture", "size", "source", "when", "used"] as Column[])(
  "images without a name stay last by %s, whichever way",
  (column) => {
    for (const descending of [false, true]) {
      const rows = sorted(all, { column, descending });
      expect(rows.at(-1)?.tagged).toBe(false);
      expect(rows).toHaveLength(all.length);
    }
  },
);

test("sorting is natural, and what is unknown comes last", () => {
  expect(references("size", true)[0]).toBe("ghcr.io/nokia/srlinux:25.3.1");
  expect(references("size")[0]).toBe("wbitt/network-multitool:3.22.2");
  expect(references("version").slice(-2)[0]).toBe("wbitt/network-multitool:3.22.2");
  const versions = rowsOf([...images(NOW).slice(0, 1), { ...images(NOW)[0]!, references: ["ceos:4.9.0F"] }]);
  expect(sorted(versions, { column: "reference", descending: false }).map((row) => row.reference)).toEqual(["ceos:4.9.0F", "ceos:4.34.2F"]);
});

test("a second click turns the order, and a first one begins where it is useful", () => {
  const order = turned({ column: "reference", descending: false }, "size");
  expect(order).toEqual({ column: "size", descending: true });
  expect(turned(order, "size")).toEqual({ column: "size", descending: false });
  expect(turned(order, "kind")).toEqual({ column: "kind", descending: false });
});

test("all words must be found, in any column and in what uses the image", () => {
  const search = (text: string): string[] => found(all, text).map((row) => row.reference);
  expect(search("  ")).toHaveLength(all.length);
  expect(search("ARISTA 4.34.2")).toEqual(["ceos:4.34.2F"]);
  expect(search("dc1-spine1")).toEqual(["ghcr.io/nokia/srlinux:25.3.1"]);
  expect(search("arista juniper")).toEqual([]);
});

test("a thousand images are sorted and searched within a frame", () => {
  const rows = rowsOf(manyImages(NOW, 1000));
  const start = performance.now();
  sorted(found(rows, "ceos"), { column: "source", descending: true });
  expect(performance.now() - start).toBeLessThan(100);
});

test("a running import stands at the name that it will give, or in a line of its own", () => {
  const jobs = new Jobs();
  const script = { at: NOW, file: "x.tar", facts: "", length: 1, size: 1 };
  const imports = ["new:1", "ceos:4.34.2F", "unheard:1"].flatMap((reference, number) => importMoments({ ...script, reference }, number));
  const unheard = imports.at(-1)?.job;
  imports
    .filter(({ job, change }) => change.type !== "finished" && !(change.type === "subject" && job === unheard))
    .forEach(({ at, job, change }, index) => jobs.apply({ job, seq: index + 1, at, change }));
  const rows = withArrivals(all, jobs.active);
  expect(rows).toHaveLength(all.length + 1);
  expect(rows.filter((row) => row.job).map((row) => [row.reference, row.image !== null])).toEqual([["new:1", false], ["ceos:4.34.2F", true]]);
});

test("a pull stands at the image that has its name, which Podman says in full", () => {
  const jobs = new Jobs();
  const pulls = ["alpine:latest", "ghcr.io/nokia/srlinux:25.3.1"].flatMap((reference, number) => pullMoments({ at: NOW, reference, layers: [9] }, number));
  pulls.filter(({ change }) => change.type !== "finished").forEach(({ at, job, change }, index) => jobs.apply({ job, seq: index + 1, at, change }));
  const podman = rowsOf([{ ...images(NOW)[0]!, references: ["docker.io/library/alpine:latest"] }]);
  expect(withArrivals(podman, jobs.active).map((row) => [row.reference, row.job?.subject])).toEqual([
    ["ghcr.io/nokia/srlinux:25.3.1", "ghcr.io/nokia/srlinux:25.3.1"],
    ["docker.io/library/alpine:latest", "alpine:latest"],
  ]);
});
