import { expect, test } from "vitest";
import { Step } from "../state/step.svelte";
import { figures, fraction, look, phrase, remark } from "./steps";

const MIB = 2 ** 20;
const NOW = 1_000_000;

function sending(): Step {
  const step = new Step(2, null, "Send");
  step.start(NOW - 12_000);
  step.advance({ done: 371 * MIB, total: 590 * MIB, unit: "bytes", rate: 31 * MIB });
  return step;
}

test("a step that runs has amount, rate and the time that is left", () => {
  expect(figures(sending(), NOW)).toBe("371 of 590 MiB · 31.0 MiB/s · 8 s left");
  expect(phrase(sending(), NOW)).toBe("Send · 371 of 590 MiB · 8 s left");
  expect(fraction(sending().progress)).toBeCloseTo(0.6288, 3);
});

test("without a total there is no part and no time left, but the time that passed", () => {
  const step = new Step(2, null, "Send");
  step.start(NOW - 61_000);
  step.advance({ done: 93 * MIB, total: null, unit: "bytes", rate: 4 * MIB });
  expect(figures(step, NOW)).toBe("93.0 MiB · 4.00 MiB/s · 1 m 01 s");
  expect(fraction(step.progress)).toBeNull();
});

test("a stalled step has no rate, and says what it waits for", () => {
  const step = sending();
  step.stall("docker to take more data");
  expect(look(step)).toBe("stalled");
  expect(figures(step, NOW)).toBe("371 of 590 MiB · 12 s");
  expect(remark(step)).toBe("stalled, waiting for docker to take more data");
});

test("a step that waits says for what and how long, and is not stalled", () => {
  const step = new Step(3, null, "leaf1");
  step.start(NOW - 12_000);
  step.wait("its turn to start");
  expect(look(step)).toBe("running");
  expect(figures(step, NOW)).toBe("12 s");
  expect(remark(step)).toBe("waiting for its turn to start");
  expect(phrase(step, NOW)).toBe("leaf1 · waiting for its turn to start");
});

test("a step that can count only seconds shows the clock here", () => {
  const step = new Step(3, null, "Engine commit");
  step.start(NOW - 41_900);
  step.advance({ done: 3, total: null, unit: "seconds", rate: null });
  expect(figures(step, NOW)).toBe("41 s");
});

test("all that was sent is not all that arrived", () => {
  const step = sending();
  step.advance({ done: 590 * MIB, total: 590 * MIB, unit: "bytes", rate: null });
  expect(fraction(step.progress)).toBeLessThan(1);
  step.finish({ type: "succeeded" }, NOW);
  expect(figures(step, NOW)).toBe("590 MiB · 12 s");
});

test("a step that was not needed says why", () => {
  const step = new Step(4, null, "Verify");
  step.finish({ type: "skipped", why: "the job failed before" }, NOW);
  expect([look(step), remark(step), figures(step, NOW)]).toEqual(["skipped", "skipped: the job failed before", ""]);
});
