import { expect, test } from "vitest";
import type { Progress } from "../backend/generated/Progress";
import { age, amount, bytes, count, duration, exact, rate, timeLeft } from "./units";

const MIB = 2 ** 20;

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.00 KiB"],
  [462 * MIB, "462 MiB"],
  [MIB * 1024 - 1, "1023 MiB"],
  [MIB * 2662, "2.59 GiB"],
  [40_265_318, "38.3 MiB"],
  [2 ** 40 * 12.96, "12.9 TiB"],
])("%i bytes are %s: three digits, never rounded up", (given, shown) => {
  expect(bytes(given)).toBe(shown);
});

test.each([
  [-5, "0.0 s"],
  [340, "0.3 s"],
  [9_999, "9.9 s"],
  [41_900, "41 s"],
  [130_000, "2 m 10 s"],
  [3_720_000, "1 h 02 m"],
  [273_600_000, "3 d 4 h"],
])("%i milliseconds are %s", (given, shown) => {
  expect(duration(given)).toBe(shown);
});

test.each([
  [0, 3 * 86_400_000 + 5, "3 d"],
  [9_000, 0, "0 s"],
  [0, 300_000, "5 m"],
  [0, 10_800_000, "3 h"],
])("from %i to %i it is %s", (then, now, shown) => {
  expect(age(then, now)).toBe(shown);
});

const progress = (done: number, total: number | null, unit: Progress["unit"], speed: number | null): Progress => ({
  done,
  total,
  unit,
  rate: speed,
});

test.each([
  [progress(371 * MIB, 590 * MIB, "bytes", 31 * MIB), "371 of 590 MiB", "31.0 MiB/s", "8 s left"],
  [progress(231 * MIB, 462 * MIB, "bytes", 38 * MIB), "231 of 462 MiB", "38.0 MiB/s", "7 s left"],
  [progress(980 * MIB, 2468 * MIB, "bytes", 0), "980 MiB of 2.41 GiB", "0 B/s", null],
  [progress(231 * MIB, null, "bytes", 38 * MIB), "231 MiB", "38.0 MiB/s", null],
  [progress(0, 9, "bytes", null), "0 of 9 B", null, null],
  [progress(1, 3, "items", 0), "1 of 3", null, null],
  [progress(40, 300, "items", 20), "40 of 300", "20/s", "13 s left"],
  [progress(0, null, "items", null), "0 items", null, null],
  [progress(1, null, "items", null), "1 item", null, null],
  [progress(3, null, "items", null), "3 items", null, null],
  [progress(75, null, "seconds", null), "1 m 15 s", null, null],
  [progress(9, 9, "bytes", 5), "9 of 9 B", "5 B/s", null],
])("nothing is said that was not measured: %o", (given, shown, speed, left) => {
  expect([amount(given), rate(given), timeLeft(given)]).toEqual([shown, speed, left]);
});

test("numbers of things", () => {
  expect([count(1, "image"), count(1000, "image")]).toEqual(["1 image", "1,000 images"]);
});

test("bytes are told to the last one, and nothing else is", () => {
  const sent: Progress = { done: 388_976_640, total: 618_659_840, unit: "bytes", rate: null };
  expect(exact(sent)).toBe("388,976,640 of 618,659,840 bytes");
  expect(exact({ ...sent, total: null })).toBe("388,976,640 bytes");
  expect(exact({ ...sent, unit: "seconds" })).toBeNull();
  expect(exact(null)).toBeNull();
});
