import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Announcer } from "./announcer.svelte";
import { Job } from "./job.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function job(file: string, failed = false): Job {
  const made = new Job(file, 1, "import", `Import ${file} into docker`, 0);
  const error = { code: "x", message: "it is damaged", hints: [], chain: [] };
  made.outcome = failed ? { type: "failed", error } : { type: "succeeded", result: null };
  return made;
}

test("a beginning and an end are said in words", () => {
  const announcer = new Announcer();
  announcer.heard(job("a.tar"), "started");
  announcer.heard(job("b.tar", true), "ended");
  expect(announcer.text).toBe("");
  vi.advanceTimersByTime(500);
  expect(announcer.text).toBe("Import of a.tar started. Import of b.tar failed: it is damaged.");
});

test("a job whose title names no single object is said by its title", () => {
  const announcer = new Announcer();
  announcer.heard(new Job("dc1", 1, "deploy", "Deploy dc1 on Docker", 0), "started");
  vi.advanceTimersByTime(500);
  expect(announcer.text).toBe("Deploy dc1 on Docker started.");
});

test("many at once are counted", () => {
  const announcer = new Announcer();
  for (let number = 0; number < 40; number += 1) announcer.heard(job(`${number}.tar`, number === 3), "ended");
  announcer.heard(job("a.tar"), "started");
  vi.advanceTimersByTime(500);
  expect(announcer.text).toBe("1 job started, 40 jobs ended, 1 failed.");
});
