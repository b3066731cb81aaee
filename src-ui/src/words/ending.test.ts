import { expect, test } from "vitest";
import type { Outcome } from "../backend/generated/Outcome";
import { ending, factsOf, importResult, remarksOn, verdict, whereItIs, type EndedJob } from "./ending";
import { details } from "./details";
import { titleParts } from "./title";

const job = (outcome: Outcome): EndedJob => ({ kind: "import", started_at: 1000, finished_at: 25_000, outcome });

const result = {
  references: ["ceos:4.35.1F"],
  image_id: `sha256:${"9a".repeat(32)}`,
  size: 2_642_000_000,
  architecture: "amd64",
  kind: "arista_ceos",
  version: "4.35.1F",
  engine: "docker",
  already_there: false,
  warnings: [],
  untagged: null,
};

test("an import that succeeded says where the image is, in lw's words", () => {
  const ended = job({ type: "succeeded", result });
  const known = importResult(ended);
  expect(known && whereItIs(known)).toBe("ceos:4.35.1F is in docker");
  expect(known && factsOf(ended, known)).toBe("arista_ceos 4.35.1F, amd64, 2.46 GiB, 24 s");
  expect(ending(ended)).toBe("ceos:4.35.1F · 2.46 GiB in 24 s");
});

test("an image that lost its name is named", () => {
  expect(remarksOn({ ...result, untagged: result.image_id })).toEqual([
    "The image that had this name before, 9a9a9a9a9a9a, is kept without it.",
  ]);
});

test("a result in no known form is no import's", () => {
  expect(importResult(job({ type: "succeeded", result: null }))).toBeNull();
  expect(ending(job({ type: "succeeded", result: 7 }))).toBe("done in 24 s");
});

test.each([
  [{ type: "failed", error: { code: "interrupted", message: "the program ended", chain: [], hints: [] } }, "interrupted", "interrupted: the program ended"],
  [{ type: "failed", error: { code: "x", message: "it is damaged", chain: [], hints: [] } }, "failed", "it is damaged"],
  [{ type: "cancelled", by: "shutdown" }, "cancelled", "stopped because the program ends"],
  [{ type: "cancelled", by: "user" }, "cancelled", "cancelled by the user"],
  [{ type: "lost", why: "lab-7 does not answer" }, "lost", "lost: lab-7 does not answer"],
] satisfies [Outcome, string, string][])("%o is told from the others", (outcome, word, phrase) => {
  expect([verdict(outcome), ending(job(outcome))]).toEqual([word, phrase]);
});

test("details hold the error, its causes, its hints, the steps and the output", () => {
  const error = { code: "archive_damaged", message: "it is damaged", chain: ["block 41"], hints: ["Download it again."] };
  const step = { id: 1, parent: null, name: "Send", status: "finished", started_at: 0, finished_at: 3100, progress: null, stalled: null, outcome: { type: "failed", message: "it is damaged" } } as const;
  const text = details(
    {
      id: "01", seq: 9, kind: "import", title: "Import a.tar into docker", subject: "a:1", queued_at: 0, started_at: 0, finished_at: 3100,
      steps: [step, { ...step, id: 2, parent: 1, name: "Decode" }], log: [{ at: 5, step: 1, line: "first line" }], log_dropped: 4,
      outcome: { type: "failed", error },
    },
    9000,
  );
  expect(text).toContain("error: it is damaged (archive_damaged)\nbecause block 41\nhint: Download it again.");
  expect(text).toContain("  Send: failed · 3.1 s · it is damaged\n    Decode: failed");
  expect(text).toContain("4 earlier lines not kept\n  1970-01-01T00:00:00.005Z  first line");
});

test.each([
  ["Import a file.tar into docker", { verb: "Import", object: "a file.tar", rest: "into docker" }],
  ["Import a.tar", { verb: "Import", object: "a.tar", rest: "" }],
  ["Check the store", { verb: "Check the store", object: "", rest: "" }],
])("the title %s is taken apart", (title, parts) => {
  expect(titleParts(title)).toEqual(parts);
});
