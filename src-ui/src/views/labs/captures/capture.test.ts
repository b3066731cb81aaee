import { expect, test } from "vitest";
import { packets } from "../../../backend/fake/packets";
import type { CaptureEvent } from "../../../backend/generated/CaptureEvent";
import { CaptureSession, PACKETS_KEPT } from "./capture.svelte";
import { line, packets as packetWords, since } from "./words";

const START = 1_763_726_760_000_000;
const FAILURE = { code: "link_capture_ended", message: "the capture of leaf1:eth1 ended", chain: ["leaf1 is gone"], hints: [] };

const soon = (): Promise<void> => new Promise((done) => setTimeout(done));

async function running(): Promise<{ capture: CaptureSession; tell: (event: CaptureEvent) => void; asked: string[]; said: string[] }> {
  const asked: string[] = [];
  const said: string[] = [];
  let tell = (_: CaptureEvent): void => {};
  const backend = {
    startCapture: async (_: unknown, told: (event: CaptureEvent) => void): Promise<number> => {
      tell = told;
      return 7;
    },
    stopCapture: async (id: number): Promise<void> => void asked.push(`stop ${id}`),
    saveCapture: async (): Promise<boolean> => true,
    dropCapture: async (id: number): Promise<void> => void asked.push(`drop ${id}`),
  };
  const capture = new CaptureSession(1, { lab: "dc1", end: "leaf1:eth1" }, 1, backend, (text) => void said.push(text));
  await soon();
  return { capture, tell: (event) => tell(event), asked, said };
}

const told = (first: number, count: number): CaptureEvent => ({ type: "packets", packets: packets(first, count, START), count: first + count - 1, bytes: 1000 * (first + count - 1) });

test("packets come in their order, counted as the file has them", async () => {
  const { capture, tell } = await running();
  tell(told(1, 3));
  tell(told(4, 2));
  expect(capture.lines.map(({ packet }) => packet.number)).toEqual([1, 2, 3, 4, 5]);
  expect([capture.phase, capture.count, capture.bytes]).toEqual(["running", 5, 5000]);
});

test("of a flood the newest are kept, and what is counted is all", async () => {
  const { capture, tell } = await running();
  for (let first = 1; first < 3 * PACKETS_KEPT; first += 500) tell(told(first, 500));
  expect(capture.lines).toHaveLength(PACKETS_KEPT);
  expect(capture.lines.at(-1)?.packet.number).toBe(capture.count);
  expect(packetWords(capture)).toBe("30,000 packets, the last 10,000 here");
});

test("the filter finds words in any column, and the chosen packet stays chosen where it is found", async () => {
  const { capture, tell } = await running();
  tell(told(1, 30));
  capture.select(6);
  capture.filter = "lldp LEAF1";
  expect(capture.rows.map(({ packet }) => packet.protocol)).toEqual(["LLDP", "LLDP", "LLDP"]);
  expect([capture.selected, capture.index, packetWords(capture)]).toEqual([7, 0, "3 of 30 packets"]);
  capture.filter = "ospf";
  expect(capture.index).toBe(-1);
});

test("times are those since the first packet, also when it is no longer kept", async () => {
  const { capture, tell } = await running();
  tell(told(1, 500));
  for (let first = 501; first < 2 * PACKETS_KEPT; first += 500) tell(told(first, 500));
  const last = capture.lines.at(-1)?.packet;
  if (!last) throw new Error("there is no packet");
  expect(since(last, capture.start)).toBe("5026.088683");
  expect(since({ ...last, at_us: capture.start - 1500 }, capture.start)).toBe("-0.001500");
  expect(line(last, capture.start).split("\t").slice(1, 3)).toEqual(["5026.088683", "received"]);
});

test("it ends when it is told to, once it has", async () => {
  const { capture, tell, asked } = await running();
  await capture.stop();
  expect([capture.phase, asked]).toEqual(["running", ["stop 7"]]);
  tell({ type: "ended" });
  await capture.stop();
  expect([capture.phase, asked]).toEqual(["ended", ["stop 7"]]);
});

test("what broke off is said, and what it has stays", async () => {
  const { capture, tell, said } = await running();
  tell(told(1, 3));
  tell({ type: "failed", error: FAILURE });
  expect([capture.phase, capture.error, capture.lines.length, capture.id]).toEqual(["failed", FAILURE, 3, 7]);
  expect(said).toEqual(["The capture of leaf1:eth1 failed"]);
});

test("one that is closed before it began is dropped all the same", async () => {
  const asked: string[] = [];
  const backend = {
    startCapture: async (): Promise<number> => {
      await soon();
      return 9;
    },
    stopCapture: async (): Promise<void> => {},
    saveCapture: async (): Promise<boolean> => true,
    dropCapture: async (id: number): Promise<void> => void asked.push(`drop ${id}`),
  };
  const capture = new CaptureSession(1, { lab: "dc1", end: "leaf1:eth1" }, 1, backend, () => {});
  capture.close();
  await soon();
  await soon();
  expect(asked).toEqual(["drop 9"]);
});

test("what passed since it was saved last would be lost", async () => {
  const { capture, tell } = await running();
  expect(capture.isUnsaved).toBe(false);
  tell(told(1, 5));
  expect(capture.isUnsaved).toBe(true);
  await capture.save();
  expect(capture.isUnsaved).toBe(false);
  tell(told(6, 2));
  expect(capture.isUnsaved).toBe(true);
});
