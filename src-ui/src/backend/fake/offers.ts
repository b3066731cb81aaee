import type { Offer } from "../generated/Offer";
import type { OfferedFile } from "../generated/OfferedFile";
import type { Proposal } from "../generated/Proposal";

const MIB = 2 ** 20;

function proposal(title: string, kind: string | null, version: string | null, reference: string | null, more: Partial<Proposal> = {}): Proposal {
  return {
    title,
    kind,
    version,
    architecture: "amd64",
    shape: "root file system",
    compression: "xz",
    length: 612 * MIB,
    reference,
    own_references: [],
    taken: null,
    warning: null,
    fits: true,
    ...more,
  };
}

function file(name: string, found: Proposal, type: "importable" | "looking" | "started" = "importable"): OfferedFile {
  return { source: `/home/ada/images/${name}`, name, verdict: { type, proposal: found } };
}

const CEOS = file("cEOS64-lab-4.36.0F.tar.xz", proposal("Arista cEOS", "arista_ceos", "4.36.0F", "ceos:4.36.0F"));
const XRD = file(
  "xrd-vrouter-container-x64.24.4.1.tgz",
  proposal("Cisco XRd vRouter", "cisco_xrd_vrouter", "24.4.1", "xrd-vrouter:24.4.1", { shape: "docker archive inside an archive", compression: "gzip" }),
);
const TAKEN = file(
  "cEOS64-lab-4.34.2F.tar.xz",
  proposal("Arista cEOS", "arista_ceos", "4.34.2F", "ceos:4.34.2F", { taken: { id: "9a1f27c0b3de", source: "cEOS64-lab-4.34.2F.tar.xz" } }),
);
const UNKNOWN = file(
  "router-appliance-with-a-rather-long-name-from-a-vendor-2026.11.20-release-candidate-3.tar",
  proposal("router-appliance-with-a-rather-long-name", null, null, null, { shape: "docker archive", compression: "not compressed", own_references: ["vendor/router:2026.11"] }),
);
const FOREIGN_ARCHITECTURE = file(
  "vyos-1.5.0-arm64.tar.gz",
  proposal("VyOS", "vyosnetworks_vyos", "1.5.0", "vyos:1.5.0", { architecture: "arm64", compression: "gzip", warning: "The image is for arm64 and the engine runs on amd64: it will be slow, or not start." }),
);
const DISK: OfferedFile = {
  source: "/home/ada/images/vEOS64-lab-4.36.0F.qcow2",
  name: "vEOS64-lab-4.36.0F.qcow2",
  verdict: {
    type: "refused",
    error: {
      code: "archive_foreign",
      message: "vEOS64-lab-4.36.0F.qcow2 cannot be imported",
      chain: ["this is a virtual machine disk (qcow2), not a container image"],
      hints: ["A disk image boots in a virtual machine. Build a container from it with vrnetlab, or ask the vendor for the container edition."],
    },
  },
};

const STARTED = file("cEOS64-lab-4.35.1F.tar.xz", proposal("Arista cEOS", "arista_ceos", "4.35.1F", "ceos:4.35.1F"), "started");

const base = { id: 7, searching: false, engine: "Docker 28.5", free_space: 48 * 2 ** 30, left_out: 0 };

export interface Offers {
  dragged: Offer;
  asking: Offer;
  many: Offer;
  refused: Offer;
  noEngine: Offer;
}

export function offers(): Offers {
  const looking = file("cEOS64-lab-4.36.0F.tar.xz", proposal("Arista cEOS", "arista_ceos", "4.36.0F", "ceos:4.36.0F", { shape: null, compression: null }), "looking");
  const many = Array.from({ length: 30 }, (_, index) => {
    const name = `cEOS64-lab-4.${index}.0F.tar.xz`;
    return file(name, proposal("Arista cEOS", "arista_ceos", `4.${index}.0F`, `ceos:4.${index}.0F`));
  });
  return {
    dragged: { ...base, phase: "dragged", files: [CEOS, XRD, DISK] },
    asking: { ...base, phase: "asking", files: [TAKEN, UNKNOWN, FOREIGN_ARCHITECTURE, STARTED, DISK] },
    many: { ...base, phase: "dragged", files: [looking, ...many, DISK], left_out: 12 },
    refused: { ...base, phase: "asking", files: [DISK] },
    noEngine: { ...base, engine: null, free_space: null, phase: "dragged", files: [CEOS] },
  };
}
