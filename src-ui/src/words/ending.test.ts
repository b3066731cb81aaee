import { expect, test } from "vitest";
import type { Outcome } from "../backend/generated/Outcome";
import { ending, factsOf, imageResult, kindOf, remarksOn, verdict, whereItIs, type EndedJob } from "./ending";
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
  const known = imageResult(ended);
  expect(known && whereItIs(known)).toBe("ceos:4.35.1F is in docker");
  expect(known && factsOf(ended, known)).toBe("arista_ceos 4.35.1F, amd64, 2.46 GiB, 24 s");
  expect(ending(ended)).toBe("ceos:4.35.1F · 2.46 GiB in 24 s");
});

test("an image that lost its name is named", () => {
  expect(remarksOn({ ...result, untagged: result.image_id })).toEqual([
    "The image that had this name before, 9a9a9a9a9a9a, is kept without it.",
  ]);
});

const pulled = {
  references: ["ghcr.io/nokia/srlinux:24.10"],
  image_id: `sha256:${"9a".repeat(32)}`,
  digest: `sha256:${"0f".repeat(32)}`,
  size: 3_189_000_000,
  architecture: "amd64",
  layers: 12,
  layers_before: 3,
  downloaded: 1_186_000_000,
  engine: "Docker 28.5",
  engine_id: "engine-1",
  already_there: false,
  warnings: [],
  untagged: null,
};
const pull = (change: Partial<typeof pulled> = {}): EndedJob => ({ ...job({ type: "succeeded", result: { ...pulled, ...change } }), kind: "pull" });

test("a pull that succeeded says what came", () => {
  const ended = pull();
  const known = imageResult(ended);
  expect(known && whereItIs(known)).toBe("ghcr.io/nokia/srlinux:24.10 is in Docker 28.5");
  expect(known && factsOf(ended, known)).toBe("amd64, 2.96 GiB, 12 layers, 1.10 GiB downloaded, 24 s");
  expect(known && kindOf(known)).toBeNull();
  expect(ending(ended)).toBe("2.96 GiB · 1.10 GiB downloaded in 24 s");
});

test("a pull that brought nothing new says that it asked", () => {
  const ended = pull({ already_there: true, downloaded: 0, layers: 1 });
  const known = imageResult(ended);
  expect(known && whereItIs(known)).toBe("ghcr.io/nokia/srlinux:24.10 was already in Docker 28.5, and is what the registry has");
  expect(known && factsOf(ended, known)).toBe("amd64, 2.96 GiB, 1 layer, 24 s");
  expect(ending(ended)).toBe("was already there");
});

test.each(["save", "copy"])("a %s is done, whatever its result looks like", (kind) => {
  for (const result of [pulled, null, { file: "a.tar" }]) expect(ending({ ...job({ type: "succeeded", result }), kind })).toBe("done in 24 s");
});

test("a result in no known form is no import's", () => {
  expect(imageResult(job({ type: "succeeded", result: null }))).toBeNull();
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
  const step = { id: 1, parent: null, name: "Send", status: "finished", started_at: 0, finished_at: 3100, progress: null, waiting: null, stalled: null, outcome: { type: "failed", message: "it is damaged" } } as const;
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
  ["Pull ghcr.io/nokia/srlinux:24.10 into Docker 28.5", { verb: "Pull", object: "ghcr.io/nokia/srlinux:24.10", rest: "into Docker 28.5" }],
  ["Save ceos:1 to ceos.tar.gz", { verb: "Save", object: "ceos:1", rest: "to ceos.tar.gz" }],
  ["Copy ceos:1 from Docker 28.5 to Podman 5.4", { verb: "Copy", object: "ceos:1", rest: "from Docker 28.5 to Podman 5.4" }],
  ["Import from me to you.tar into docker", { verb: "Import", object: "from me to you.tar", rest: "into docker" }],
  ["Check the store", { verb: "Check the store", object: "", rest: "" }],
])("the title %s is taken apart", (title, parts) => {
  expect(titleParts(title)).toEqual(parts);
});
