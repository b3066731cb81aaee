import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Clock } from "./clock.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("it ticks once a second, and only while somebody holds it", () => {
  let now = 5;
  const clock = new Clock(() => now);
  now = 1005;
  vi.advanceTimersByTime(1000);
  expect([clock.now, clock.ticks]).toEqual([5, false]);

  const first = clock.hold();
  const second = clock.hold();
  vi.advanceTimersByTime(1000);
  expect(clock.now).toBe(1005);
  first();
  first();
  expect(clock.ticks).toBe(true);
  second();
  expect(clock.ticks).toBe(false);
});
