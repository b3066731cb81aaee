import type { EngineInfo } from "../generated/EngineInfo";
import type { EngineState } from "../generated/EngineState";
import type { ErrorReport } from "../generated/ErrorReport";
import type { ImagesState } from "../generated/ImagesState";
import type { JobRecord } from "../generated/JobRecord";
import type { JobState } from "../generated/JobState";
import type { LeaveQuestion } from "../generated/LeaveQuestion";
import type { Offer } from "../generated/Offer";
import type { SettingsState } from "../generated/SettingsState";
import { images, manyImages } from "./library";
import { offers, type Offers } from "./offers";
import { broken, pastJobs } from "./past";
import { settings } from "./settings";
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
  offers: Offers;
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
    offers: offers(),
  };
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
  terminal: () => ({ ...base(), others: statesAt(NOON, importMoments({ ...CEOS, file: "vyos-1.4.0-amd64.tar", reference: "vyos:1.4.0", facts: "VyOS · 1.4.0 · amd64 · root file system · uncompressed" }, 90)) }),
  first: () => ({ ...base(), history: [], images: { engine: "engine-1", listed: true, images: [], error: null } }),
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
  closing: () => ({ ...base(), moments: importMoments(CEOS), leaving: { quit: false, jobs: 3 } }),
  quitting: () => ({ ...base(), moments: importMoments(CEOS), leaving: { quit: true, jobs: 1 } }),
  silent: () => ({ ...base(), isSilent: true }),
  refusing: () => ({ ...base(), failures: { open: { code: "internal", message: "the state cannot be read", chain: ["the monitor has ended"], hints: ["Quit Labwright and start it again."] } } }),
};
