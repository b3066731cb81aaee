import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Backend } from "../backend/backend";
import { FakeBackend } from "../backend/fake/backend";
import { importMoments } from "../backend/fake/timeline";
import { NOON, WORLDS, type World } from "../backend/fake/worlds";
import type { Batch } from "../backend/generated/Batch";
import type { Opening } from "../backend/generated/Opening";
import { App } from "./app.svelte";
import { Clock } from "./clock.svelte";
import { PATIENCE } from "./stream.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function world(name = "idle"): World {
  const make = WORLDS[name];
  if (!make) throw new Error(`there is no world ${name}`);
  return make();
}

/** An import that begins a second after noon. */
const coming = (): World => ({
  ...world(),
  history: [],
  moments: importMoments({ at: NOON + 1000, file: "a.tar", reference: "a:1", facts: "a", length: 9_000_000, size: 1, rate: 10_000_000 }),
});

async function opened(backend: FakeBackend): Promise<App> {
  const app = new App(backend, new Clock(backend.now));
  await app.stream.open();
  return app;
}

const openings = (backend: FakeBackend): number => backend.asked.filter(({ name }) => name === "open").length;

test("a snapshot, and then every event after it", async () => {
  const backend = new FakeBackend(coming());
  const app = await opened(backend);
  expect(app.stream.phase).toBe("live");
  for (let step = 0; step < 200; step += 1) backend.advance(100);
  expect(app.jobs.ended[0]?.outcome?.type).toBe("succeeded");
  expect(openings(backend)).toBe(1);
});

test("a batch that was lost is noticed by the next one's number, and everything is read again", async () => {
  const backend = new FakeBackend(coming());
  const app = await opened(backend);
  backend.advance(1100);
  backend.lose();
  backend.advance(500);
  expect(app.stream.phase).toBe("reopening");
  expect(app.jobs.running).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(app.stream.phase).toBe("live");
  expect(openings(backend)).toBe(2);
  backend.advance(20_000);
  expect(app.jobs.ended[0]?.outcome?.type).toBe("succeeded");
});

test("an event that was lost is noticed by the next one's number", async () => {
  const backend = new FakeBackend(world());
  const app = await opened(backend);
  backend.event("01", { type: "queued", kind: "import", title: "lost on the way" });
  backend.push([backend.event("02", { type: "queued", kind: "import", title: "Import b.tar" })]);
  await vi.advanceTimersByTimeAsync(0);
  expect(openings(backend)).toBe(2);
  expect(app.jobs.queued.map((job) => job.id)).toEqual(["01", "02"]);
});

test("a batch that comes twice, or of an earlier stream, is passed over", async () => {
  const batches: ((batch: Batch) => void)[] = [];
  const fake = new FakeBackend(world());
  const backend = Object.create(fake) as Backend;
  backend.open = (deliver) => {
    batches.push(deliver);
    return fake.open(deliver);
  };
  const app = new App(backend);
  await app.stream.open();
  const deliver = batches[0];
  const jobs = [{ job: "01", seq: 1, at: 0, change: { type: "queued", kind: "import", title: "Import a.tar" } as const }];
  deliver?.({ stream: 1, number: 1, jobs, parts: [] });
  deliver?.({ stream: 1, number: 1, jobs, parts: [] });
  deliver?.({ stream: 0, number: 2, jobs: [], parts: [{ part: "leaving", state: { quit: true, jobs: 9, unsaved: { files: 0, captures: 0 } } }] });
  await vi.advanceTimersByTimeAsync(0);
  expect(openings(fake)).toBe(1);
  expect(app.jobs.queued).toHaveLength(1);
  expect(app.leaving.question).toBeNull();
});

test("batches that come before the snapshot wait for it, and are applied once", async () => {
  const fake = new FakeBackend(world());
  let answer: (opening: Opening) => void = () => {};
  let deliver: (batch: Batch) => void = () => {};
  const backend = Object.create(fake) as Backend;
  backend.open = (given) => {
    deliver = given;
    return new Promise((keep) => (answer = keep));
  };
  const app = new App(backend);
  const done = app.stream.open();
  deliver({ stream: 1, number: 1, jobs: [{ job: "01", seq: 1, at: 0, change: { type: "queued", kind: "import", title: "Import a.tar" } }], parts: [] });
  deliver({ stream: 1, number: 2, jobs: [{ job: "01", seq: 2, at: 0, change: { type: "started" } }], parts: [] });
  expect(app.jobs.all).toHaveLength(0);
  answer(await fake.open(() => {}));
  await done;
  expect(app.jobs.running).toHaveLength(1);
  expect(app.stream.phase).toBe("live");
});

test("a program that says nothing is called silent, and one that refuses is asked again", async () => {
  const silent = new App(new FakeBackend(world("silent")));
  void silent.stream.open();
  expect(silent.stream.phase).toBe("opening");
  await vi.advanceTimersByTimeAsync(PATIENCE);
  expect(silent.stream.phase).toBe("silent");

  const backend = new FakeBackend(world("refusing"));
  const refused = await opened(backend);
  expect(refused.stream.phase).toBe("failed");
  expect(refused.stream.error?.message).toBe("the state cannot be read");
  backend.failures.delete("open");
  await vi.advanceTimersByTimeAsync(2000);
  expect(refused.stream.phase).toBe("live");
});

test("parts replace what they describe, in the order of the events before them", async () => {
  const backend = new FakeBackend(world());
  const app = await opened(backend);
  backend.tell({ part: "images", state: { engine: "engine-1", listed: true, images: [], error: null } });
  backend.tell({ part: "leaving", state: { quit: true, jobs: 2, unsaved: { files: 0, captures: 0 } } });
  expect(app.library.images).toEqual([]);
  expect(app.leaving.question).toEqual({ quit: true, jobs: 2, unsaved: { files: 0, captures: 0 } });
});

test("a setting changes at once, and goes back if the program refuses", async () => {
  const backend = new FakeBackend(world());
  const app = await opened(backend);
  const done = app.change({ theme: "dark" });
  expect(app.settings.settings?.theme).toBe("dark");
  await done;
  expect(app.settings.settings?.theme).toBe("dark");

  backend.failures.set("changeSettings", { code: "settings_write", message: "cannot write", hints: [], chain: [] });
  const refused = app.change({ theme: "light" });
  expect(app.settings.settings?.theme).toBe("light");
  await refused;
  expect(app.settings.settings?.theme).toBe("dark");
  expect(app.failure?.code).toBe("settings_write");
});
