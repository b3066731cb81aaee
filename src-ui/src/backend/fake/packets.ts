/** Packets of a link between two routers, as a capture of a quiet lab has them. */

import type { Packet } from "../generated/Packet";

type Facts = Omit<Packet, "number" | "at_us">;

const [LEAF, SPINE, HOST, FAR] = ["10.0.12.1", "10.0.12.0", "10.1.10.11", "10.1.20.12"];
const [LEAF_MAC, SPINE_MAC] = ["00:1c:73:4a:00:01", "00:1c:73:9e:00:02"];

const ROUND: Facts[] = [
  { source: LEAF, destination: "224.0.0.5", protocol: "OSPF", length: 82, summary: "Hello, router 10.0.0.11, area 0.0.0.0", sent: true },
  { source: SPINE, destination: "224.0.0.5", protocol: "OSPF", length: 82, summary: "Hello, router 10.0.0.1, area 0.0.0.0", sent: false },
  { source: LEAF, destination: SPINE, protocol: "TCP", length: 85, summary: "40122 → 179, seq 1221, ack 884, PSH ACK, 19 bytes", sent: true },
  { source: SPINE, destination: LEAF, protocol: "TCP", length: 66, summary: "179 → 40122, seq 884, ack 1240, ACK", sent: false },
  { source: HOST, destination: FAR, protocol: "ICMP", length: 98, summary: "Echo request, id 7, seq 14, ttl 63", sent: true },
  { source: FAR, destination: HOST, protocol: "ICMP", length: 98, summary: "Echo reply, id 7, seq 14, ttl 62", sent: false },
  { source: LEAF_MAC, destination: "01:80:c2:00:00:0e", protocol: "LLDP", length: 208, summary: "leaf1, Ethernet49, TTL 120", sent: true },
  { source: SPINE_MAC, destination: "ff:ff:ff:ff:ff:ff", protocol: "ARP", length: 60, summary: "Who has 10.0.12.1? Tell 10.0.12.0", sent: false },
  { source: LEAF_MAC, destination: SPINE_MAC, protocol: "ARP", length: 42, summary: "10.0.12.1 is at 00:1c:73:4a:00:01", sent: true },
  { source: SPINE, destination: "224.0.0.5", protocol: "OSPF", length: 110, summary: "Link-state update, 1 advertisement", sent: false },
];

/** How far two packets are apart, in microseconds. */
const APART = 251_317;

/** The packets from one number on. */
export function packets(first: number, count: number, start: number): Packet[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const facts = ROUND[(number - 1) % ROUND.length] as Facts;
    return { ...facts, number, at_us: start + (number - 1) * APART };
  });
}

/** How many packets pass in this time, in milliseconds. */
export function passing(milliseconds: number): number {
  return Math.floor((milliseconds * 1000) / APART);
}
