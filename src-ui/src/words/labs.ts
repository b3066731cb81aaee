/** Labs, ports and links in words. */

import type { EndRate } from "../backend/generated/EndRate";
import type { LabCounts } from "../backend/generated/LabCounts";
import type { LabLink } from "../backend/generated/LabLink";
import type { LabNodeStanding } from "../backend/generated/LabNodeStanding";
import type { LinkImpairments } from "../backend/generated/LinkImpairments";
import type { Look } from "../shared/look";
import { count, joined } from "./units";

/** What the long names of ports are called in a drawing, where there is little room. */
const SHORT: [pattern: RegExp, short: string][] = [
  [/^HundredGigE/i, "Hu"],
  [/^TwentyFiveGigE/i, "Tf"],
  [/^FortyGigE/i, "Fo"],
  [/^TenGig(?:abitEthernet|E)/i, "Te"],
  [/^GigabitEthernet/i, "Gi"],
  [/^Management/i, "Ma"],
  [/^ethernet-/, "e"],
  [/^Ethernet/, "Et"],
];

const UNITS = [
  ["T", 1e12],
  ["G", 1e9],
  ["M", 1e6],
  ["k", 1e3],
] as const;

/** `Gi0/0/0/1` for `GigabitEthernet0/0/0/1`; what is short already stays. */
export function shortPort(port: string): string {
  const known = SHORT.find(([pattern]) => pattern.test(port));
  const short = known ? port.replace(known[0], known[1]) : port;
  return short.length > 14 ? `${short.slice(0, 13)}…` : short;
}

/** Bits in a second, in three digits: `940 bit/s`, `1.24 Gbit/s`. */
export function bitRate(bits: number): string {
  const unit = UNITS.find(([, size]) => bits >= size);
  if (!unit) return `${Math.floor(bits)} bit/s`;
  const [name, size] = unit;
  const amount = bits / size;
  const digits = amount < 10 ? 2 : amount < 100 ? 1 : 0;
  return `${(Math.floor(amount * 10 ** digits) / 10 ** digits).toFixed(digits)} ${name}bit/s`;
}

/** What passes a link, told by the end `rate` is of: the busier direction. */
export function busier(rate: EndRate): number {
  return Math.max(rate.sent_bps, rate.received_bps);
}

/** `20 ms ± 2 ms · 0.5 % lost`; empty where nothing is done. */
export function impairmentWords(impairments: LinkImpairments): string {
  const { delay_us, jitter_us, loss_ppm, corruption_ppm, rate_bps } = impairments;
  return joined([
    (delay_us > 0 || jitter_us > 0) && `${milliseconds(delay_us)}${jitter_us > 0 ? ` ± ${milliseconds(jitter_us)}` : ""}`,
    loss_ppm > 0 && `${percent(loss_ppm)} lost`,
    corruption_ppm > 0 && `${percent(corruption_ppm)} corrupted`,
    rate_bps > 0 && `at most ${bitRate(rate_bps)}`,
  ]);
}

export function isImpaired(impairments: LinkImpairments): boolean {
  return Object.values(impairments).some((value) => value > 0);
}

/** How nodes stand, counted. */
export function countNodes(nodes: { standing: LabNodeStanding }[]): LabCounts {
  const many = (...standings: LabNodeStanding[]): number => nodes.filter(({ standing }) => standings.includes(standing)).length;
  return { nodes: nodes.length, ready: many("ready"), booting: many("booting"), stopped: many("stopped", "absent"), failed: many("failed") };
}

/** `6 of 7 ready`, `7 ready`, `not deployed`. */
export function readiness(counts: LabCounts, deployed: boolean): { look: Look; words: string } {
  if (!deployed) return { look: "plain", words: "not deployed" };
  const { nodes, ready, booting, failed } = counts;
  if (ready === nodes) return { look: "ok", words: nodes === 1 ? "ready" : `${nodes} ready` };
  const words = failed > 0 ? `${failed} failed` : `${ready} of ${nodes} ready`;
  return { look: failed > 0 ? "bad" : booting > 0 ? "run" : "plain", words };
}

/** How nodes stand, those that there are: `2 ready, 1 failed`. */
export function countsInWords(counts: LabCounts): string {
  const { ready, booting, stopped, failed } = counts;
  const said = [ready > 0 && `${ready} ready`, booting > 0 && `${booting} booting`, failed > 0 && `${failed} failed`, stopped > 0 && `${stopped} stopped`];
  return said.filter(Boolean).join(", ") || count(counts.nodes, "node");
}

/** Links that are not as the file has them, counted: `1 is not wired, 2 are not in the file`; empty where all are up. */
export function oddLinks(links: Pick<LabLink, "number" | "standing">[]): string {
  const many = (standing: LabLink["standing"]): number => links.filter((link) => link.number !== null && link.standing === standing).length;
  const odd: [number, one: string, more: string][] = [
    [many("absent"), "is not wired", "are not wired"],
    [many("unknown"), "is not known", "are not known"],
    [many("down"), "is down", "are down"],
    [many("waiting"), "waits", "wait"],
    [many("failed"), "has failed", "have failed"],
    [links.filter(({ number }) => number === null).length, "is not in the file", "are not in the file"],
  ];
  return odd.flatMap(([number, one, more]) => (number === 0 ? [] : [`${number} ${number === 1 ? one : more}`])).join(", ");
}

/** A path as people write it: what is in the user's home begins with `~`. */
export function homePath(path: string, home: string): string {
  return home !== "" && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

function milliseconds(micros: number): string {
  return `${Number((micros / 1000).toFixed(3))} ms`;
}

function percent(ppm: number): string {
  return `${Number((ppm / 10_000).toFixed(4))} %`;
}
