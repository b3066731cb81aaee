/** The images of a lab's nodes: there, on their way, or missing. */

import type { LibraryImage } from "../backend/generated/LibraryImage";
import type { LabNode } from "../backend/generated/LabNode";
import type { Job } from "../state/job.svelte";
import type { Step } from "../state/step.svelte";
import { fullName, namesRegistry } from "../words/reference";
import { fraction } from "../words/steps";
import { arrivalsOf, standing } from "./arrivals";

export type ImageStanding =
  | { state: "present" }
  | { state: "coming"; how: "pulling" | "importing"; job: Job; step: Step | null }
  | { state: "missing" }
  /** Nobody has listed the images yet. */
  | { state: "unknown" };

const HOW = { Pull: "pulling", Import: "importing" } as const;

/** The whole names of the images that jobs have brought since that time: the list that was told then lacks them still. */
export function arrivedSince(time: number, ended: Job[], deployments: Job[]): Set<string> {
  const isLater = ({ outcome, finished_at }: Job | Step): boolean => outcome?.type === "succeeded" && (finished_at ?? 0) >= time;
  const brought = arrivalsOf(ended).filter(isLater).map(({ subject }) => subject ?? "");
  const onTheWay = deployments.flatMap((job) => job.children(null).filter(isLater).map((step) => imageOf(step)?.image ?? ""));
  return new Set([...brought, ...onTheWay].filter(Boolean).map(fullName));
}

/** What a step of a deployment brings. */
function imageOf(step: Step): { verb: keyof typeof HOW; image: string } | null {
  const [, verb, image] = /^(Pull|Import) (\S+)$/.exec(step.name) ?? [];
  return verb && image ? { verb: verb as keyof typeof HOW, image } : null;
}

/** How each image stands that some node has; `images` is null before they were listed. */
export function imagesOf(nodes: LabNode[], images: LibraryImage[] | null, arrivals: Job[], deployments: Job[], arrived: Set<string> = new Set()): Map<string, ImageStanding> {
  const names = new Set(nodes.flatMap(({ image }) => (image ? [image] : [])));
  const there = new Set((images ?? []).flatMap(({ references }) => references.map(fullName)));
  const coming = comingBy(arrivals, deployments);
  const stands = (image: string): ImageStanding => {
    const arrival = coming.get(fullName(image));
    if (arrival) return arrival;
    if (!images) return { state: "unknown" };
    return { state: namesOf(image).some((name) => there.has(name) || arrived.has(name)) ? "present" : "missing" };
  };
  return new Map([...names].map((image) => [image, stands(image)]));
}

/** How far an image is that is on its way: `pulling 63 %`. */
export function comingWords(image: Extract<ImageStanding, { state: "coming" }>): string {
  const { how, job, step } = image;
  const said = step ? percentOf(job, step) : standing(job);
  return /%|queued/.test(said) ? `${how} ${said}` : how;
}

/** Imports and pulls, and what deployments bring on their way, by the whole name of the image. */
function comingBy(arrivals: Job[], deployments: Job[]): Map<string, ImageStanding> {
  const coming = new Map<string, ImageStanding>();
  for (const job of arrivalsOf(arrivals)) {
    if (job.subject) coming.set(fullName(job.subject), { state: "coming", how: job.kind === "pull" ? "pulling" : "importing", job, step: null });
  }
  for (const job of deployments) {
    for (const step of job.children(null)) {
      const brings = imageOf(step);
      if (brings && step.isOpen) coming.set(fullName(brings.image), { state: "coming", how: HOW[brings.verb], job, step });
    }
  }
  return coming;
}

/** What Podman imports it calls `localhost/…`, and finds it by the short name too. */
function namesOf(image: string): string[] {
  return namesRegistry(image) ? [fullName(image)] : [fullName(image), fullName(`localhost/${image}`)];
}

function percentOf(job: Job, step: Step): string {
  const measured = job.children(step.id).find(({ progress }) => progress !== null);
  const part = measured && !measured.outcome ? fraction(measured.progress) : null;
  return part === null ? "" : `${Math.floor(part * 100)} %`;
}
