import { expect, test } from "vitest";
import type { LabLinkStanding } from "../backend/generated/LabLinkStanding";
import { bitRate, countsInWords, homePath, impairmentWords, oddLinks, readiness, shortPort } from "./labs";

const NONE = { delay_us: 0, jitter_us: 0, loss_ppm: 0, corruption_ppm: 0, rate_bps: 0 };

test.each([
  ["eth1", "eth1"],
  ["ethernet-1/49", "e1/49"],
  ["Ethernet3/1", "Et3/1"],
  ["GigabitEthernet0/0/0/1", "Gi0/0/0/1"],
  ["TenGigE0/0/0/1", "Te0/0/0/1"],
  ["a-port-with-a-name-of-its-own", "a-port-with-a…"],
])("the port %s is %s in a drawing", (port, short) => {
  expect(shortPort(port)).toBe(short);
});

test.each([
  [0, "0 bit/s"],
  [999, "999 bit/s"],
  [3200, "3.20 kbit/s"],
  [842_000_000, "842 Mbit/s"],
  [1_249_999_999, "1.24 Gbit/s"],
  [99_990_000, "99.9 Mbit/s"],
])("%i bits in a second are %s", (bits, words) => {
  expect(bitRate(bits)).toBe(words);
});

test("impairments are named, and nothing is nothing", () => {
  expect(impairmentWords(NONE)).toBe("");
  expect(impairmentWords({ ...NONE, delay_us: 20_000, jitter_us: 1500, loss_ppm: 5000 })).toBe("20 ms ± 1.5 ms · 0.5 % lost");
  expect(impairmentWords({ ...NONE, corruption_ppm: 1, rate_bps: 10_000_000 })).toBe("0.0001 % corrupted · at most 10.0 Mbit/s");
});

test.each([
  [{ nodes: 7, ready: 7, booting: 0, stopped: 0, failed: 0 }, true, "7 ready", "ok"],
  [{ nodes: 7, ready: 6, booting: 1, stopped: 0, failed: 0 }, true, "6 of 7 ready", "run"],
  [{ nodes: 7, ready: 5, booting: 0, stopped: 2, failed: 0 }, true, "5 of 7 ready", "plain"],
  [{ nodes: 7, ready: 5, booting: 1, stopped: 0, failed: 1 }, true, "1 failed", "bad"],
  [{ nodes: 7, ready: 0, booting: 0, stopped: 7, failed: 0 }, false, "not deployed", "plain"],
])("%o is told in a word", (counts, deployed, words, look) => {
  expect(readiness(counts, deployed)).toEqual({ look, words });
});

test("counts leave out what there is none of", () => {
  expect(countsInWords({ nodes: 3, ready: 2, booting: 0, stopped: 0, failed: 1 })).toBe("2 ready, 1 failed");
});

test("a path in the user's folder is short", () => {
  const paths = ["/home/ada/labs/x.yml", "/home/adam/x.yml", "/srv/home/ada/x.yml"];
  expect(paths.map((path) => homePath(path, "/home/ada"))).toEqual(["~/labs/x.yml", "/home/adam/x.yml", "/srv/home/ada/x.yml"]);
  expect(homePath("/labs/x.yml", "")).toBe("/labs/x.yml");
});

test("links that are not as the file has them are counted, and nothing is said where all are", () => {
  const link = (standing: LabLinkStanding, number: number | null = 1): { standing: LabLinkStanding; number: number | null } => ({ standing, number });
  expect(oddLinks([link("up"), link("absent"), link("failed"), link("failed"), link("up", null)])).toBe("1 is not wired, 2 have failed, 1 is not in the file");
  expect(oddLinks([link("unknown"), link("unknown")])).toBe("2 are not known");
  expect(oddLinks([link("up")])).toBe("");
});
