import type { ErrorReport } from "../generated/ErrorReport";
import type { Host } from "../generated/Host";
import type { HostFacts } from "../generated/HostFacts";
import type { HostHistory } from "../generated/HostHistory";
import type { HostStanding } from "../generated/HostStanding";
import type { HostsState } from "../generated/HostsState";
import type { HostView } from "../generated/HostView";
import type { InstallPlan } from "../generated/InstallPlan";
import type { InstallWish } from "../generated/InstallWish";
import type { JobState } from "../generated/JobState";
import type { NodeStanding } from "../generated/NodeStanding";
import type { PlanView } from "../generated/PlanView";
import type { PlanWish } from "../generated/PlanWish";
import type { Started } from "../generated/Started";
import type { HostBackend } from "../hosts";
import { hostMoments, type HostJobScript } from "./hostjobs";
import { FakeLabs, type LabWorld } from "./labs";
import { standingsOf } from "./plans";
import { foundIn } from "./verified";

/** What is known of hosts. */
export interface HostWorld {
  state: HostsState;
  /** What each host answers when it is asked; it is connected without. */
  answers: Record<string, HostStanding>;
  /** What was done on each, the newest first. */
  history: Record<string, JobState[]>;
  /** Plans, by their paths; the first is what the user chooses. */
  plans: Record<string, InstallPlan>;
}

export const NO_HOSTS: HostWorld = { state: { hosts: [], suggestions: [], problem: null }, answers: {}, history: {}, plans: {} };

export const FACTS: HostFacts = {
  user: "root", hostname: "gpu-7", system: "Debian GNU/Linux 12 (bookworm) x86_64", shell: "/bin/bash", home: "/root", home_writable: true, free_space: 212 * 2 ** 30, git: "2.39.5", python: "3.11.2",
  engine: null, engine_problem: null, systemd: false, setsid: true,
};

/** Hosts that do nothing but what they are told. */
export abstract class FakeHosts extends FakeLabs implements HostBackend {
  #hosts: HostWorld;
  #runsOn = new Map<string, string>();

  constructor(labs: LabWorld, hosts: HostWorld) {
    super(labs);
    this.#hosts = structuredClone(hosts);
    for (const { host, jobs } of hosts.state.hosts) for (const job of jobs) this.#runsOn.set(job, host.name);
  }

  /** A job as it is now. */
  protected abstract jobState(id: string): JobState | null;

  get hostsState(): HostsState {
    return this.#hosts.state;
  }

  /** Changes a host and tells it. */
  changeHost(name: string, change: Partial<HostView>): void {
    this.#tellHosts(this.#hosts.state.hosts.map((view) => (view.host.name === name ? { ...view, ...change } : view)));
  }

  #tellHosts(hosts: HostView[]): void {
    this.#hosts.state = { ...this.#hosts.state, hosts };
    this.tell({ part: "hosts", state: this.#hosts.state });
  }

  /** A job ended: it is history, and does not run there any more. */
  protected hostJobEnded(job: string): void {
    const name = this.#runsOn.get(job);
    const state = this.jobState(job);
    if (!name || !state) return;
    this.#runsOn.delete(job);
    this.#hosts.history[name] = [state, ...(this.#hosts.history[name] ?? [])];
    this.changeHost(name, { jobs: this.#view(name).jobs.filter((id) => id !== job) });
  }

  async addHost(host: Host): Promise<void> {
    this.note("addHost", host);
    const resolved = `${host.destination.includes("@") ? "" : "root@"}${host.destination}:${host.port ?? 22}`;
    const added: HostView = { host, resolved, standing: { type: "unknown" }, facts: null, jobs: [] };
    this.#hosts.state = { ...this.#hosts.state, suggestions: this.#hosts.state.suggestions.filter((alias) => alias !== host.destination) };
    this.#tellHosts([...this.#hosts.state.hosts, added].sort((a, b) => (a.host.name < b.host.name ? -1 : 1)));
  }

  async removeHost(name: string): Promise<void> {
    this.note("removeHost", name);
    this.#tellHosts(this.#hosts.state.hosts.filter(({ host }) => host.name !== name));
  }

  async testHost(name: string): Promise<void> {
    this.note("testHost", name);
    this.changeHost(name, { standing: { type: "asking" } });
    setTimeout(() => this.#answer(name), 0);
  }

  async acceptHostKey(name: string, fingerprint: string): Promise<void> {
    this.note("acceptHostKey", name, fingerprint);
    this.#hosts.answers[name] = { type: "connected", round_trip: 41 };
    this.#answer(name);
  }

  #answer(name: string): void {
    const standing = this.#hosts.answers[name] ?? { type: "connected", round_trip: 38 };
    this.changeHost(name, { standing, ...(standing.type === "connected" ? { facts: { ...FACTS, hostname: name } } : {}) });
  }

  async chooseKeyFile(): Promise<string | null> {
    this.note("chooseKeyFile");
    return "/home/ada/.ssh/id_ed25519_gpu";
  }

  async choosePlan(): Promise<string | null> {
    this.note("choosePlan");
    return Object.keys(this.#hosts.plans)[0] ?? null;
  }

  async openPlan(wish: PlanWish): Promise<PlanView> {
    this.note("openPlan", wish);
    const plan = this.#plan(wish.file);
    return structuredClone({ plan, file: wish.file, target: wish.target ?? plan.target });
  }

  async examinePlan(wish: PlanWish, only: string[]): Promise<NodeStanding[]> {
    this.note("examinePlan", wish, only);
    return standingsOf(only, this.#plan(wish.file).nodes.map(({ name }) => name));
  }

  async install(wish: InstallWish): Promise<Started> {
    this.note("install", wish);
    return this.#run("install", wish.plan, wish.only);
  }

  async verify(wish: PlanWish, only: string[]): Promise<Started> {
    this.note("verify", wish, only);
    return this.#run("verify", wish, only);
  }

  async repair(wish: PlanWish, only: string[]): Promise<Started> {
    this.note("repair", wish, only);
    return this.#run("repair", wish, only);
  }

  async hostHistory(name: string): Promise<HostHistory> {
    this.note("hostHistory", name);
    return structuredClone({ jobs: this.#hosts.history[name] ?? [] });
  }

  async nodeLog(job: string, node: string): Promise<string> {
    this.note("nodeLog", job, node);
    return [`Cloning into '${node}.partial'...`, "remote: Enumerating objects: 2143, done.", "Collecting numba==0.56.4", "ERROR: No matching distribution found for numba==0.56.4", ""].join("\n");
  }

  /** A job that worked on a host. */
  protected hostJob(id: string): JobState | null {
    const known = Object.values(this.#hosts.history).flat().find((job) => job.id === id) ?? this.jobState(id);
    return known && ["install", "verify", "repair"].includes(known.kind) ? known : null;
  }

  /** Does what failed of a job once more. */
  protected retryOnHost(job: JobState): Started {
    const above = job.steps.find((step) => step.parent === null && step.name === "Nodes");
    const failed = job.steps.filter((step) => step.parent === above?.id && step.outcome?.type !== "succeeded" && step.outcome?.type !== "skipped").map(({ name }) => name);
    const [, plan = "", host = ""] = /^\S+ (.+) on (\S+)$/.exec(job.title) ?? [];
    const wish = { host, file: `/home/ada/${plan}`, target: job.subject?.split(":")[1] ?? null, venv: null };
    return this.#run(job.kind === "verify" ? "verify" : "install", wish, failed);
  }

  #run(kind: HostJobScript["kind"], wish: PlanWish, only: string[]): Started {
    const nodes = only.map((name, index) => ({ name, begins: Math.floor(index / 4) * 1500, phases: [{ name: "Receiving objects", takes: 1200, progress: { done: 300, total: 1000, unit: "items" as const, rate: null } }], said: "a1b2c3d" }));
    const result = kind === "verify" ? foundIn(only, wish) : { nodes: only };
    const script = { kind, host: wish.host, plan: wish.file.split("/").at(-1) ?? wish.file, target: wish.target ?? "", nodes, ends: { after: 1500 * (Math.ceil(only.length / 4) + 1), outcome: { type: "succeeded" as const, result } } };
    const started = this.begin((at, number) => hostMoments({ ...script, at }, number));
    this.#runsOn.set(started.job, wish.host);
    this.changeHost(wish.host, { jobs: [...this.#view(wish.host).jobs, started.job] });
    return started;
  }

  #view(name: string): HostView {
    const view = this.#hosts.state.hosts.find(({ host }) => host.name === name);
    if (!view) throw new Error(`there is no host ${name}`);
    return view;
  }

  #plan(file: string): InstallPlan {
    const plan = this.#hosts.plans[file];
    const error: ErrorReport = { code: "plan_read", message: `${file} cannot be read`, chain: ["no such file or directory (os error 2)"], hints: ["Check the path."] };
    if (!plan) throw error;
    return plan;
  }
}
