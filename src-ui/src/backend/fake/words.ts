/** Some of what can be written in a topology's file. The program knows more. */

import type { KeyWord } from "../generated/KeyWord";
import type { KindWord } from "../generated/KindWord";
import type { LabWords } from "../generated/LabWords";

type Line = [key: string, about: string, ...values: string[]];

const FILE: Line[] = [
  ["name", "The lab's name."],
  ["prefix", "What the names of its containers begin with."],
  ["mgmt", "The management network."],
  ["topology", "Nodes and links."],
];
const MANAGEMENT: Line[] = [
  ["network", "The engine's network that all nodes are in."],
  ["ipv4-subnet", "Its IPv4 addresses: a subnet, or auto."],
  ["ipv6-subnet", "Its IPv6 addresses: a subnet, or auto."],
  ["external-access", "Whether it can be reached from outside.", "true", "false"],
];
const TOPOLOGY: Line[] = [
  ["defaults", "What all nodes have that do not say otherwise."],
  ["kinds", "The same for the nodes of one kind."],
  ["groups", "The same for the nodes of one group."],
  ["nodes", "The nodes, by name."],
  ["links", "What joins them."],
];
const NODE: Line[] = [
  ["kind", "What the node is: it says how the container runs and how its ports are called."],
  ["image", "The image that the container is made from."],
  ["group", "The group whose settings the node takes over."],
  ["type", "The model, where the kind has several."],
  ["startup-config", "A file, or a text, that the node starts with."],
  ["enforce-startup-config", "Whether it starts with that each time, whatever it saved.", "true", "false"],
  ["image-pull-policy", "When the engine asks a registry for the image.", "IfNotPresent", "Always", "Never"],
  ["restart-policy", "When the engine starts the container again by itself.", "no", "on-failure", "always", "unless-stopped"],
  ["mgmt-ipv4", "Its IPv4 address in the management network."],
  ["env", "Variables of its environment."],
  ["binds", "Files and folders of this machine that it sees."],
  ["ports", "Ports of this machine that lead to it."],
  ["exec", "Commands that are run in it once its links are there."],
  ["cap-add", "Capabilities that it has besides those of its kind.", "NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SYS_TIME"],
  ["cpu", "How many processors it may use."],
  ["memory", "How much memory it may use: 512MiB, 2GB."],
  ["labels", "Labels of the container."],
];
const LINK: Line[] = [
  ["type", "What kind of link it is.", "veth", "host", "mgmt-net", "macvlan", "dummy", "vxlan", "vxlan-stitch"],
  ["endpoints", "Its two ends, each a node and a port: leaf1:eth1."],
  ["endpoint", "Its end, where it has only one."],
  ["mtu", "The largest frame that passes, in bytes."],
];
const END: Line[] = [
  ["node", "The node."],
  ["interface", "The port of the node."],
  ["mac", "The port's address in Ethernet."],
];

const KINDS: [name: string, title: string, aliases: string[], needs?: string][] = [
  ["arista_ceos", "Arista cEOS", ["ceos"]],
  ["cisco_xrd", "Cisco XRd control plane", ["xrd"]],
  ["juniper_crpd", "Juniper cRPD", ["crpd"]],
  ["nokia_srlinux", "Nokia SR Linux", ["srl"]],
  ["linux", "Linux container", []],
  ["bridge", "Linux bridge", []],
  ["host", "Engine's host", []],
  ["arista_veos", "Arista vEOS", ["vr-veos"], "a virtual machine in its container, and /dev/kvm."],
  ["cisco_n9kv", "Cisco Nexus 9000v", ["vr-n9kv"], "a virtual machine in its container, and /dev/kvm."],
];

export function labWords(): LabWords {
  const within = (place: string, lines: Line[]): KeyWord[] => lines.map(([key, about, ...values]) => ({ within: place, key, about, values }));
  return {
    keys: [
      ...within("", FILE),
      ...within("mgmt", MANAGEMENT),
      ...within("topology", TOPOLOGY),
      ...["topology.defaults", "topology.kinds.*", "topology.groups.*", "topology.nodes.*"].flatMap((place) => within(place, NODE)),
      ...within("topology.links", LINK),
      ...["topology.links.endpoints", "topology.links.endpoint"].flatMap((place) => within(place, END)),
    ],
    kinds: KINDS.map(([name, title, aliases, needs]): KindWord => ({ name, aliases, title, runs_here: needs === undefined, needs: needs ?? "" })),
  };
}
