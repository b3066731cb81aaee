import { expect, test } from "vitest";
import { FakeBackend } from "../backend/fake/backend";
import { pastJobs } from "../backend/fake/past";
import { NOON, WORLDS, type World } from "../backend/fake/worlds";
import { PAGE, Past } from "./past.svelte";

function world(count: number): World {
  const idle = WORLDS["idle"];
  if (!idle) throw new Error("there is no idle world");
  return { ...idle(), history: pastJobs(NOON, count) };
}

test("past jobs come page by page, each once, the newest first", async () => {
  const past = new Past(new FakeBackend(world(150)));
  await past.refresh();
  expect([past.jobs.length, past.more]).toEqual([PAGE, true]);
  await past.older();
  await past.older();
  expect([past.jobs.length, past.more]).toEqual([150, false]);
  await past.older();
  const ids = past.jobs.map((job) => job.id);
  expect(new Set(ids).size).toBe(150);
  expect(ids).toEqual([...ids].sort().reverse());
});

test("reading again keeps the jobs that are shown", async () => {
  const past = new Past(new FakeBackend(world(80)));
  await past.refresh();
  await past.older();
  const before = past.jobs;
  await past.refresh();
  expect(past.jobs).toHaveLength(80);
  expect(past.jobs[70]).toBe(before[70]);
});

test("an answer to an earlier question is passed over, and a failure is kept beside what was read", async () => {
  const backend = new FakeBackend(world(80));
  const past = new Past(backend);
  const late = past.refresh();
  past.text = "damaged";
  await past.refresh();
  await late;
  expect(past.jobs.every((job) => job.outcome?.type === "failed")).toBe(true);
  const before = past.jobs.length;
  backend.failures.set("history", { code: "history_read", message: "no", hints: [], chain: [] });
  await past.refresh();
  expect([past.error?.code, past.jobs.length]).toEqual(["history_read", before]);
});
