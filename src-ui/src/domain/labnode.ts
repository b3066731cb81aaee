/** What a node of a lab is and does right now, in the words and the colour that all views share. */

import type { LabLinkStanding } from "../backend/generated/LabLinkStanding";
import type { LabNode } from "../backend/generated/LabNode";
import type { LabNodeStanding } from "../backend/generated/LabNodeStanding";
import type { NodeForm } from "../backend/generated/NodeForm";
import type { Look } from "../shared/look";
import type { Step } from "../state/step.svelte";
import { remark } from "../words/steps";
import { comingWords, type ImageStanding } from "./labimages";
import { failedStep, isUnderWay, stageOf, type NodeWork } from "./labwork";

/** What is said of a node in a line. */
export interface NodeFace {
  look: Look;
  /** `agents`, `ready`, `image missing` */
  words: string;
  /** Since when, in milliseconds, where it is still going on. */
  since: number | null;
  /** What it waits for, or why it is so; empty where that goes without saying. */
  why: string;
}

const STANDINGS: Record<LabNodeStanding, { look: Look; words: string }> = {
  absent: { look: "plain", words: "not deployed" },
  ready: { look: "ok", words: "ready" },
  booting: { look: "run", words: "booting" },
  stopped: { look: "plain", words: "stopped" },
  failed: { look: "bad", words: "failed" },
};

const FORMS: Record<Exclude<NodeForm, "container">, string> = { switch: "switch", host: "engine's host", elsewhere: "does not run here" };

const LINKS: Record<LabLinkStanding, { look: Look; words: string }> = {
  absent: { look: "plain", words: "not wired" },
  unknown: { look: "plain", words: "not known" },
  up: { look: "ok", words: "up" },
  down: { look: "plain", words: "down" },
  waiting: { look: "run", words: "waiting" },
  failed: { look: "bad", words: "failed" },
};

/** What a job's own steps are called while they run; a kind's boot stages have names that stand for themselves. */
const DOING: Record<string, string> = { Create: "creating", Start: "starting", Wire: "wiring", Commands: "commands", "First boot": "first boot" };

export function linkFace(standing: LabLinkStanding): { look: Look; words: string } {
  return LINKS[standing];
}

/** The running job knows best; then the last one, where it gave the node up; then how the node stands; and of one that is not there, how its image does. */
export function faceOf(node: LabNode, work: NodeWork | undefined, image: ImageStanding | undefined): NodeFace {
  if (work && isUnderWay(work)) return workFace(work);
  const failed = work && node.standing !== "ready" ? failedStep(work) : null;
  if (work && failed) return failedFace(node, work, failed);
  if (node.form !== "container") return { look: node.standing === "ready" ? "ok" : "plain", words: FORMS[node.form], since: null, why: node.reason };
  if (node.standing === "absent" && image) return absentFace(image);
  const since = node.standing === "booting" && node.since ? Date.parse(node.since) : null;
  return { ...STANDINGS[node.standing], since: Number.isNaN(since) ? null : since, why: node.reason };
}

/** The name of a stage while it runs. */
export function stageWords(step: Step): string {
  return DOING[step.name] ?? (step.name.startsWith("Stop ") ? "stopping" : step.name);
}

function workFace(work: NodeWork): NodeFace {
  const stage = stageOf(work);
  if (stage) return { look: stage.stalled === null ? "run" : "warn", words: stageWords(stage), since: stage.started_at, why: remark(stage) };
  const { own } = work;
  if (!own || own.status === "pending") return { look: "plain", words: "to come", since: null, why: "" };
  const last = work.stages.findLast((step) => step.finished_at !== null)?.finished_at ?? own.started_at;
  if (own.waiting !== null || own.stalled !== null) return { look: own.stalled === null ? "plain" : "warn", words: "waits", since: last, why: remark(own) };
  return { look: "run", words: "coming up", since: last, why: "" };
}

function failedFace(node: LabNode, work: NodeWork, step: Step): NodeFace {
  return { look: "bad", words: step === work.own ? "failed" : `failed: ${step.name}`, since: null, why: remark(step) || node.reason };
}

function absentFace(image: ImageStanding): NodeFace {
  if (image.state === "coming") return { look: "run", words: comingWords(image), since: null, why: "" };
  if (image.state === "missing") return { look: "warn", words: "image missing", since: null, why: "" };
  return { ...STANDINGS.absent, since: null, why: "" };
}
