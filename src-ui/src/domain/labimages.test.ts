import { expect, test } from "vitest";
import { images } from "../backend/fake/library";
import { labMoments } from "../backend/fake/labjobs";
import { pullMoments, sizes } from "../backend/fake/pulls";
import type { Moment } from "../backend/fake/timeline";
import { CEOS, Topology } from "../backend/fake/topologies";
import type { Job } from "../state/job.svelte";
import { Jobs } from "../state/jobs.svelte";
import { arrivedSince, comingWords, imagesOf } from "./labimages";

function toldAt(now: number, moments: Moment[]): Jobs {
  const jobs = new Jobs();
  moments.filter(({ at }) => at <= now).forEach(({ at, job, change }, index) => jobs.apply({ job, seq: index + 1, at, change }));
  return jobs;
}

function jobsAt(now: number, moments: Moment[]): Job[] {
  return toldAt(now, moments).active;
}

function nodesWith(...names: string[]): Topology["nodes"] {
  const lab = new Topology("dc1");
  names.forEach((image, index) => lab.node(`n${index}`, { ...CEOS, image }));
  return lab.nodes;
}

test("each image is looked at once, by any of its names", () => {
  const nodes = nodesWith("ceos:4.34.2F", "ceos:4.34.2F", "docker.io/wbitt/network-multitool:3.22.2", "nowhere:1", "");
  const found = imagesOf(nodes, images(0), [], []);
  expect([...found].map(([image, { state }]) => `${image} ${state}`)).toEqual([
    "ceos:4.34.2F present",
    "docker.io/wbitt/network-multitool:3.22.2 present",
    "nowhere:1 missing",
  ]);
});

test("what Podman imported is found by its short name", () => {
  const [first] = images(0);
  const there = [{ ...first!, references: ["localhost/ceos:4.35.1F"] }];
  expect(imagesOf(nodesWith("ceos:4.35.1F"), there, [], []).get("ceos:4.35.1F")?.state).toBe("present");
});

test("before the images were listed nothing is called missing", () => {
  expect(imagesOf(nodesWith("nowhere:1"), null, [], []).get("nowhere:1")?.state).toBe("unknown");
});

test("a pull brings an image, with how far it is", () => {
  const reference = "ghcr.io/nokia/srlinux:24.10";
  const jobs = jobsAt(7800, pullMoments({ at: 0, reference, layers: sizes(12) }, 1));
  const coming = imagesOf(nodesWith(reference), [], jobs, []).get(reference);
  expect(coming?.state === "coming" && comingWords(coming)).toMatch(/^pulling \d+ %$/);
});

test("so does a step of the deployment that needs it", () => {
  const moments = labMoments({ kind: "deploy", lab: "dc1", at: 0, title: "Deploy dc1", nodes: [] });
  const job = moments[0]?.job ?? "";
  const brings: Moment[] = [
    { at: 500, job, change: { type: "step_added", step: 90, parent: null, name: "Pull nowhere:1" } },
    { at: 500, job, change: { type: "step_started", step: 90 } },
    { at: 500, job, change: { type: "step_added", step: 91, parent: 90, name: "Download" } },
    { at: 500, job, change: { type: "step_started", step: 91 } },
    { at: 510, job, change: { type: "progress", step: 91, progress: { done: 40, total: 100, unit: "bytes", rate: null } } },
  ];
  const standing = (now: number): string => {
    const coming = imagesOf(nodesWith("nowhere:1"), [], [], jobsAt(now, [...moments, ...brings])).get("nowhere:1");
    return coming?.state === "coming" ? comingWords(coming) : (coming?.state ?? "");
  };
  expect([standing(400), standing(500), standing(600)]).toEqual(["missing", "pulling", "pulling 40 %"]);
});

test("what a pull has brought is there, though the list was told before", () => {
  const reference = "ghcr.io/nokia/srlinux:24.10";
  const { ended } = toldAt(600_000, pullMoments({ at: 0, reference, layers: sizes(3) }, 1));
  const standing = (listed: number): string | undefined => imagesOf(nodesWith(reference), [], [], [], arrivedSince(listed, ended, [])).get(reference)?.state;
  expect(ended).toHaveLength(1);
  expect(standing(0)).toBe("present");
  expect(standing(600_000)).toBe("missing");
});

test("so is what a deployment has brought on its way", () => {
  const moments = labMoments({ kind: "deploy", lab: "dc1", at: 0, title: "Deploy dc1", nodes: [] });
  const job = moments[0]?.job ?? "";
  const brings: Moment[] = [
    { at: 500, job, change: { type: "step_added", step: 90, parent: null, name: "Pull nowhere:1" } },
    { at: 500, job, change: { type: "step_started", step: 90 } },
    { at: 900, job, change: { type: "step_finished", step: 90, outcome: { type: "succeeded" } } },
  ];
  const deployments = jobsAt(1000, [...moments, ...brings]);
  expect([...arrivedSince(800, [], deployments)]).toEqual(["docker.io/library/nowhere:1"]);
  expect([...arrivedSince(950, [], deployments)]).toEqual([]);
});
