/** Packets in words. */

import type { Packet } from "../../../backend/generated/Packet";
import { count } from "../../../words/units";
import type { CaptureSession } from "./capture.svelte";

/** When it passed, in seconds since the first: `12.034512`. */
export function since(packet: Packet, start: number): string {
  const passed = packet.at_us - start;
  const micros = Math.abs(passed);
  return `${passed < 0 ? "-" : ""}${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`;
}

/** The line as it is copied. */
export function line(packet: Packet, start: number): string {
  const { number, source, destination, protocol, length, summary } = packet;
  return [number, since(packet, start), packet.sent ? "sent" : "received", source, destination, protocol, length, summary].join("\t");
}

/** How many packets there are: `128 packets`, `12,480 packets, the last 10,000 here`, `3 of 128 packets`. */
export function packets({ count: all, lines, rows, filter }: Pick<CaptureSession, "count" | "lines" | "rows" | "filter">): string {
  const kept = all > lines.length ? `, the last ${lines.length.toLocaleString("en")} here` : "";
  const shown = filter.trim() ? `${rows.length.toLocaleString("en")} of ` : "";
  return `${shown}${count(all, "packet")}${kept}`;
}
