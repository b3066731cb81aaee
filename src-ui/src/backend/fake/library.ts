import type { ImageDetail } from "../generated/ImageDetail";
import type { LibraryImage } from "../generated/LibraryImage";

const GIB = 2 ** 30;
const MIB = 2 ** 20;

type Line = [reference: string, kind: string | null, title: string | null, version: string | null, size: number, source: string | null, usedBy: string[], daysAgo: number];

const LINES: Line[] = [
  ["ceos:4.34.2F", "arista_ceos", "Arista cEOS", "4.34.2F", 2.41 * GIB, "cEOS64-lab-4.34.2F.tar.xz", ["clab-dc1-leaf1", "clab-dc1-leaf2", "clab-wan-pe1"], 9],
  ["xrd-control-plane:24.4.1", "cisco_xrd", "Cisco XRd control plane", "24.4.1", 1.38 * GIB, "xrd-control-plane-container-x64.24.4.1.tgz", ["clab-wan-p1"], 0],
  ["crpd:23.4R1.10", "juniper_crpd", "Juniper cRPD", "23.4R1.10", 562 * MIB, "junos-routing-crpd-docker-23.4R1.10-amd64.tgz", [], 12],
  ["ghcr.io/nokia/srlinux:25.3.1", "nokia_srlinux", "Nokia SR Linux", "25.3.1", 2.97 * GIB, null, ["clab-dc1-spine1"], 30],
  ["quay.io/frrouting/frr:10.5.1", "linux", "FRRouting", "10.5.1", 214 * MIB, null, ["clab-frr01-r1"], 41],
  ["vyos:1.5-rolling-202510220020", "vyosnetworks_vyos", "VyOS", "1.5-rolling-202510220020", 611 * MIB, "vyos-1.5-rolling-202510220020-generic-amd64.tar.gz", [], 1],
  ["docker-sonic-vs:master-20251103", "sonic-vs", "SONiC", "master-20251103", 1.02 * GIB, "docker-sonic-vs.gz", [], 18],
  ["wbitt/network-multitool:3.22.2", null, null, null, 89 * MIB, null, ["clab-dc1-host1", "clab-frr01-host1"], 41],
];

/** The images of a workstation that is in use. */
export function images(now: number): LibraryImage[] {
  const named = LINES.map(([reference, kind, title, version, size, source, used_by, daysAgo], index): LibraryImage => ({
    references: [reference],
    id: imageId(index),
    kind,
    title,
    version,
    architecture: "amd64",
    size: Math.floor(size),
    source,
    used_by,
    created: Math.floor(now / 1000) - 86_400 * (daysAgo + 3),
    imported: source ? Math.floor(now / 1000) - 86_400 * daysAgo : null,
  }));
  return [...named, { ...named[0]!, references: [], id: imageId(90), version: "4.34.1F", source: "cEOS64-lab-4.34.1F.tar.xz", used_by: [] }];
}

/** As many images as are wanted, with names of all lengths. */
export function manyImages(now: number, count: number): LibraryImage[] {
  const base = images(now).slice(0, LINES.length);
  return Array.from({ length: count }, (_, index): LibraryImage => {
    const like = base[index % base.length]!;
    const name = like.references[0]?.split(":")[0] ?? "image";
    const prefix = index % 7 === 3 ? "registry.lab.example.net:5000/network-operating-systems/approved/2026/" : "";
    return { ...like, references: [`${prefix}${name}:${index}.${index % 10}`], id: imageId(index), used_by: index % 3 ? [] : like.used_by };
  });
}

/** One image in full. */
export function details(all: LibraryImage[], name: string): ImageDetail {
  const image = all.find((known) => known.id === name || known.references.includes(name));
  if (!image) throw new Error(`there is no image ${name}`);
  return {
    id: image.id,
    digests: image.source ? [] : image.references.map((name) => `${name.replace(/:[^:/]*$/, "")}@${imageId(301)}`),
    references: image.references,
    size: image.size,
    architecture: image.architecture ?? "",
    os: "linux",
    layers: [imageId(201), imageId(202), imageId(203)],
    labels: image.source ? { "dev.labwright.source": image.source, "dev.labwright.kind": image.kind ?? "", "dev.labwright.version": image.version ?? "" } : {},
    created: "2026-11-12T09:14:02Z",
    command: ["/sbin/init"],
    entrypoint: [],
    env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "container=docker"],
  };
}

function imageId(number: number): string {
  const seed = ((number + 7) * 2654435761) % 2 ** 32;
  return `sha256:${seed.toString(16).padStart(8, "0").repeat(8)}`;
}
