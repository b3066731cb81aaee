import type { EngineInfo } from "../generated/EngineInfo";
import type { EngineState } from "../generated/EngineState";
import type { ErrorReport } from "../generated/ErrorReport";
import type { ImagesState } from "../generated/ImagesState";
import type { JobRecord } from "../generated/JobRecord";
import type { JobState } from "../generated/JobState";
import type { LeaveQuestion } from "../generated/LeaveQuestion";
import type { Offer } from "../generated/Offer";
import type { SettingsState } from "../generated/SettingsState";
import { deployMoments } from "./deployments";
import { NO_HOSTS, type HostWorld } from "./hosts";
import { HOST_SCENES, type HostScene } from "./hostworlds";
import { NO_LABS, type LabWorld } from "./labs";
import { LAB_SCENES, type LabScene } from "./labworlds";
import { images, manyImages } from "./library";
import { offers, type Offers } from "./offers";
import { broken, pastJobs, pastPulls } from "./past";
import { settings } from "./settings";
import { pullMoments, sizes, type PullScript } from "./pulls";
import { importMoments, statesAt, type ImportScript, type Moment } from "./timeline";

/** All that a program knows, and what will happen in it. */
export interface World {
  now: number;
  engine: EngineState;
  images: ImagesState;
  settings: SettingsState;
  offer: Offer | null;
  leaving: LeaveQuestion | null;
  moments: Moment[];
  /** What other programs run. */
  others: JobState[];
  history: JobRecord[];
  /** References that were pulled or are to be, the newest first. */
  pulled: string[];
  offers: Offers;
  labs: LabWorld;
  hosts: HostWorld;
  /** By the name of the question. */
  failures?: Record<string, ErrorReport>;
  /** Whether it never answers. */
  isSilent?: boolean;
}

/** 21 November 2026, 12:06 UTC. */
export const NOON = Date.UTC(2026, 10, 21, 12, 6, 0);
const GIB = 2 ** 30;
const MIB = 2 ** 20;

const DOCKER: EngineInfo = {
  id: "engine-1", name: "docker", address: "unix:///var/run/docker.sock", kind: "docker", version: "28.5.2", api_version: "1.51",
  store: "containerd", architecture: "amd64", os: "linux", data_root: "/var/lib/docker", local: true,
};
const PODMAN: EngineInfo = { ...DOCKER, id: "engine-2", name: "podman", address: "unix:///run/user/1000/podman/podman.sock", kind: "podman", version: "5.4.2", store: "podman" };

const UNREACHABLE = {
  name: "lab-server", address: "ssh://ada@lab-7.example.net",
  error: { code: "engine_unreachable", message: "lab-server did not answer", chain: ["connection refused (os error 111)"], hints: ["Check that the host is on and that you can sign in."] },
};

export const ready: EngineState = {
  searching: false,
  selected: { info: DOCKER, free_space: 48 * GIB, health: { type: "up" } },
  found: [DOCKER, PODMAN],
  unasked: [{ name: "gpu-7", address: "ssh://gpu-7" }],
  unreachable: [UNREACHABLE],
  problem: null,
};

const CEOS: ImportScript = {
  at: NOON - 12_240, file: "cEOS64-lab-4.35.1F.tar.xz", reference: "ceos:4.35.1F", kind: "arista_ceos", version: "4.35.1F",
  facts: "Arista cEOS · 4.35.1F · amd64 · root file system · xz", length: 590 * MIB, size: Math.floor(2.46 * GIB),
};
const URL: ImportScript = {
  at: NOON - 61_000, file: "vyos-1.5.0-generic-amd64.tar.gz", reference: "vyos:1.5.0", kind: "vyosnetworks_vyos", version: "1.5.0",
  facts: "VyOS · 1.5.0 · amd64 · root file system · gzip", length: null, size: 600 * MIB, rate: 4 * MIB, stallsAt: 93 * MIB,
};

const PULLED = ["ghcr.io/nokia/srlinux:25.3.1", "wbitt/network-multitool:3.22.2", "alpine:latest", "quay.io/frrouting/frr:10.5.1", "registry.lab.example:5000/very/deep/team/path/vendor-appliance-with-a-long-name:2026.11.21-nightly"];

const SRLINUX: PullScript = { at: NOON - 7800, reference: "ghcr.io/nokia/srlinux:24.10", layers: sizes(12) };
const LONG: PullScript = { ...SRLINUX, reference: PULLED[4]! };

/** The reference's registry does not know the user. */
const refused = (script: PullScript): PullScript => {
  const [registry = "", ...path] = script.reference.split("/");
  return {
    ...script,
    error: {
      code: "registry_login_needed",
      message: `registry ${registry} does not show ${path.join("/")} to somebody without a login`,
      chain: ["authentication required (status 401)"],
      hints: [`Sign in with: docker login ${registry}`],
    },
  };
};

/** Pulls in the middle, on an engine of this kind of store. */
function pulling(pulls: PullScript[], change: Partial<EngineInfo> = { store: "classic" }): World {
  const info = { ...DOCKER, ...change };
  return {
    ...base(),
    engine: { ...ready, selected: { info, free_space: 48 * GIB, health: { type: "up" } } },
    pulled: [...new Set([...pulls.map(({ reference }) => reference), ...PULLED])],
    moments: pulls.flatMap((script, index) => pullMoments(script, index + 1)),
  };
}

/** One that waits for its turn. */
const waiting = (number: number): PullScript => ({ ...SRLINUX, at: NOON - 5000 + number, reference: `quay.io/frrouting/frr:10.${number}.0`, waits: 60_000 + number * 20_000 });
const failing = (number: number): PullScript => refused({ ...SRLINUX, at: NOON - 90_000 + number * 9000, reference: `registry.example.net/lab/router-${number}:1.0` });

function base(): World {
  return {
    now: NOON,
    engine: ready,
    images: { engine: "engine-1", listed: true, images: images(NOON), error: null },
    settings: settings(),
    offer: null,
    leaving: null,
    moments: [],
    others: [],
    history: pastJobs(NOON, 41),
    pulled: PULLED,
    offers: offers(),
    labs: NO_LABS,
    hosts: NO_HOSTS,
  };
}

/** What happens beside labs, by the name of the world: an import, and a pull of an image that one of them needs. */
const BESIDE: Record<string, () => Moment[]> = { lab: () => importMoments(CEOS, 70), "lab-missing": () => pullMoments(SRLINUX, 70) };

function labWorld(name: string, scene: (now: number) => LabScene): World {
  const { labs, moments } = scene(NOON);
  return { ...base(), labs, moments: [...moments, ...(BESIDE[name]?.() ?? [])] };
}

function hostWorld(scene: (now: number) => HostScene): World {
  const { hosts, moments } = scene(NOON);
  return { ...base(), hosts, moments };
}

function queue(count: number): Moment[] {
  return Array.from({ length: count }, (_, index) =>
    importMoments({ ...CEOS, at: NOON - 9000 + index, file: `cEOS64-lab-4.${30 - index}.0F.tar.xz`, reference: `ceos:4.${30 - index}.0F`, waits: 30_000 + index * 20_000 }, index + 1),
  ).flat();
}

const withoutEngine = (engine: Partial<EngineState>): EngineState => ({ ...ready, selected: null, found: [], ...engine });
const nothing: ImagesState = { engine: null, listed: false, images: [], error: null };

function noEngine(error: ErrorReport, way_out: NonNullable<EngineState["problem"]>["way_out"]): World {
  return { ...base(), images: nothing, history: [], engine: withoutEngine({ problem: { error, way_out } }) };
}

const none: ErrorReport = { code: "engine_none", message: "no engine is running here", chain: ["docker: no such file or directory", "podman: connection refused"], hints: [] };

/** Every state that the window can be in, by name. */
export const WORLDS: Record<string, () => World> = {
  idle: base,
  import: () => ({ ...base(), moments: importMoments(CEOS) }),
  busy: () => ({ ...base(), moments: [...importMoments(URL), ...importMoments(CEOS), ...queue(2)] }),
  forty: () => ({
    ...base(),
    history: pastJobs(NOON, 400),
    moments: [
      ...importMoments({ ...CEOS, file: `a-vendor-appliance-with-a-name-that-nobody-would-want-to-type-${"x".repeat(40)}-2026.11.tar.xz` }),
      ...importMoments(URL),
      ...queue(38),
    ],
  }),
  deploy: () => ({ ...base(), moments: deployMoments(NOON - 14_000) }),
  pull: () => pulling([SRLINUX]),
  "pull-began": () => pulling([{ ...SRLINUX, at: NOON - 200 }]),
  "pull-retry": () => pulling([{ ...SRLINUX, at: NOON - 9600, breaks: { layer: 4, times: 9 } }]),
  "pull-stalled": () => pulling([{ ...SRLINUX, at: NOON - 61_000, stalls: 11 }]),
  "pull-unknown": () => pulling([{ ...SRLINUX, unanswered: "ghcr.io could not be asked from here (connection refused): the engine pulls without a total" }]),
  "pull-podman": () => pulling([{ ...SRLINUX, at: NOON - 15_400, store: "podman", engine: "Podman 5.4" }], PODMAN),
  "pull-containerd": () => pulling([{ ...SRLINUX, at: NOON - 11_000, store: "containerd" }], { store: "containerd" }),
  "pull-half": () => pulling([{ ...SRLINUX, at: NOON - 3200, there: 6 }]),
  "pull-again": () => pulling([{ ...SRLINUX, reference: "ghcr.io/nokia/srlinux:25.3.1" }]),
  "pull-long": () => pulling([LONG]),
  "pull-queue": () => {
    const world = pulling([SRLINUX, LONG, { ...SRLINUX, reference: "alpine:latest", layers: [3_642_247], rate: 300_000 }, waiting(1), waiting(2), waiting(3), waiting(4)]);
    return { ...world, moments: [...world.moments, ...importMoments(CEOS, 50)] };
  },
  "pull-two": () => pulling([SRLINUX, waiting(1)]),
  "pull-forty": () => pulling([{ ...SRLINUX, layers: sizes(40), breaks: { layer: 22, times: 9 } }]),
  "pull-hundred": () => pulling([{ ...SRLINUX, layers: sizes(100), there: 12 }]),
  "pull-failed": () => pulling([failing(1)]),
  "pull-failures": () => pulling([1, 2, 3, 4].map(failing)),
  "pull-all": () => pulling([...[1, 2, 3].map(failing), refused({ ...LONG, at: NOON - 30_000 }), SRLINUX, waiting(1)]),
  pulled: () => ({ ...base(), history: [...pastPulls(NOON), ...pastJobs(NOON, 9)] }),
  terminal: () => ({ ...base(), others: statesAt(NOON, importMoments({ ...CEOS, file: "vyos-1.4.0-amd64.tar", reference: "vyos:1.4.0", facts: "VyOS · 1.4.0 · amd64 · root file system · uncompressed" }, 90)) }),
  first: () => ({ ...base(), history: [], pulled: [], images: { engine: "engine-1", listed: true, images: [], error: null } }),
  thousand: () => ({ ...base(), images: { engine: "engine-1", listed: true, images: manyImages(NOON, 1000), error: null } }),
  dragged: () => ({ ...base(), moments: importMoments(CEOS), offer: offers().dragged }),
  many: () => ({ ...base(), offer: offers().many }),
  asking: () => ({ ...base(), offer: offers().asking }),
  refused: () => ({ ...base(), offer: offers().refused }),
  looking: () => ({ ...base(), images: nothing, history: [], engine: withoutEngine({ searching: true, unreachable: [] }) }),
  podman: () => noEngine(none, { type: "start_podman", program: "/usr/bin/podman" }),
  install: () => noEngine(none, { type: "install", system: "Debian", commands: ["sudo apt-get update", "sudo apt-get install -y podman"] }),
  access: () =>
    noEngine(
      { code: "engine_access", message: "Docker runs, and this user may not use it", chain: ["permission denied: /var/run/docker.sock"], hints: [] },
      { type: "allow_access", commands: ["sudo usermod -aG docker $USER", "newgrp docker"] },
    ),
  "no-engine-drop": () => ({ ...noEngine(none, { type: "start_podman", program: "/usr/bin/podman" }), offer: offers().noEngine }),
  gone: () => ({
    ...base(),
    moments: [...importMoments(URL), ...queue(2)],
    engine: { ...ready, selected: { info: DOCKER, free_space: 48 * GIB, health: { type: "gone", since: NOON - 43_000, why: "connection refused (os error 111)" } } },
  }),
  "history-unreadable": () => ({ ...base(), history: [], settings: { ...settings(), history_error: broken.history } }),
  "settings-broken": () => ({ ...base(), settings: { ...settings(), error: broken.settings, kinds_error: broken.kinds } }),
  closing: () => ({ ...base(), moments: importMoments(CEOS), leaving: { quit: false, jobs: 3, unsaved: { files: 0, captures: 0 } } }),
  quitting: () => ({ ...base(), moments: importMoments(CEOS), leaving: { quit: true, jobs: 1, unsaved: { files: 1, captures: 2 } } }),
  ...Object.fromEntries(Object.entries(LAB_SCENES).map(([name, scene]) => [name, () => labWorld(name, scene)])),
  ...Object.fromEntries(Object.entries(HOST_SCENES).map(([name, scene]) => [name, () => hostWorld(scene)])),
  silent: () => ({ ...base(), isSilent: true }),
  refusing: () => ({ ...base(), failures: { open: { code: "internal", message: "the state cannot be read", chain: ["the monitor has ended"], hints: ["Quit Labwright and start it again."] } } }),
};
