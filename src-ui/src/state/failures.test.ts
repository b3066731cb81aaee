import { expect, test } from "vitest";
import type { Change } from "../backend/generated/Change";
import type { LibraryImage } from "../backend/generated/LibraryImage";
import { images } from "../backend/fake/library";
import { FailedPulls } from "./failures.svelte";
import { Jobs } from "./jobs.svelte";
import { Library } from "./parts.svelte";

const REFERENCE = "ghcr.io/nokia/srlinux:25.3.1";
const error = { code: "registry_login", message: "no", hints: [], chain: [] };

/** Jobs, the images, and the pulls that failed. */
class Scene {
  readonly jobs = new Jobs();
  readonly library = new Library();
  readonly failed = new FailedPulls(this.jobs, this.library);
  #seq = 0;

  constructor(there: LibraryImage[] = []) {
    this.list(there);
  }

  list(there: LibraryImage[]): void {
    this.library.state = { engine: "engine-1", listed: true, images: there, error: null };
  }

  tell(job: string, ...changes: Change[]): void {
    for (const change of changes) this.jobs.apply({ job, seq: ++this.#seq, at: this.#seq, change });
  }

  begin(job: string, kind = "pull"): void {
    this.tell(job, { type: "queued", kind, title: `Pull ${REFERENCE} into Docker 28.5` }, { type: "subject", subject: REFERENCE }, { type: "started" });
  }

  fail(job: string, kind = "pull"): void {
    this.begin(job, kind);
    this.tell(job, { type: "finished", outcome: { type: "failed", error } });
  }

  get shown(): string[] {
    return this.failed.all.map((job) => job.id);
  }
}

const image = (id: string, reference = REFERENCE): LibraryImage => ({ ...images(0)[0]!, id, references: [reference] });

test("a pull that failed is shown until it is dismissed", () => {
  const scene = new Scene();
  scene.fail("01");
  expect(scene.shown).toEqual(["01"]);
  const [job] = scene.failed.all;
  if (job) scene.failed.dismiss(job);
  expect(scene.shown).toEqual([]);
});

test("an import that failed and a pull that was cancelled are not shown", () => {
  const scene = new Scene();
  scene.fail("01", "import");
  scene.begin("02");
  scene.tell("02", { type: "finished", outcome: { type: "cancelled", by: "user" } });
  expect(scene.shown).toEqual([]);
});

test("pulling again takes its place, whether it goes on, fails or succeeds", () => {
  const scene = new Scene();
  scene.fail("01");
  scene.begin("02");
  expect(scene.shown).toEqual([]);
  scene.tell("02", { type: "finished", outcome: { type: "failed", error } });
  expect(scene.shown).toEqual(["02"]);
});

test("the image that had the name before is not what was to come, and one that comes is", () => {
  const scene = new Scene([image("sha256:old")]);
  scene.fail("01");
  expect(scene.shown).toEqual(["01"]);
  scene.list([image("sha256:old"), ...images(0).slice(0, 2)]);
  expect(scene.shown).toEqual(["01"]);
  scene.list([]);
  expect(scene.shown).toEqual(["01"]);
  scene.list([image("sha256:new")]);
  expect(scene.shown).toEqual([]);
});

test("a window that opens late shows what failed before", () => {
  const scene = new Scene();
  scene.fail("01");
  const late = new Scene([image("sha256:old")]);
  late.jobs.replace({ seq: 9, jobs: scene.jobs.all.map((job) => job.toState()) });
  late.failed.adopt();
  expect(late.shown).toEqual(["01"]);
});
