import type { Host } from "./generated/Host";
import type { HostHistory } from "./generated/HostHistory";
import type { InstallWish } from "./generated/InstallWish";
import type { NodeStanding } from "./generated/NodeStanding";
import type { PlanView } from "./generated/PlanView";
import type { PlanWish } from "./generated/PlanWish";
import type { Started } from "./generated/Started";

/** All that the webview can ask about hosts. Every promise that fails does so with an `ErrorReport`. */
export interface HostBackend {
  addHost(host: Host): Promise<void>;
  /** Forgets a host. Nothing on it is touched. */
  removeHost(name: string): Promise<void>;
  /** Asks a host how it stands. Answers at once; the standing is pushed. */
  testHost(name: string): Promise<void>;
  /** Trusts the key that the host showed, if that is still the one with this fingerprint. */
  acceptHostKey(name: string, fingerprint: string): Promise<void>;
  /** Lets the user choose a private key's file in the system's dialog; its path, if one was chosen. */
  chooseKeyFile(): Promise<string | null>;

  /** Lets the user choose a plan in the system's dialog; its path, if one was chosen. */
  choosePlan(): Promise<string | null>;
  /** Reads a plan. */
  openPlan(wish: PlanWish): Promise<PlanView>;
  /** What stands on the host where these nodes would go. Only looks, and takes seconds. */
  examinePlan(wish: PlanWish, only: string[]): Promise<NodeStanding[]>;
  install(wish: InstallWish): Promise<Started>;
  /** Compares these nodes with the plan. Only looks. */
  verify(wish: PlanWish, only: string[]): Promise<Started>;
  /** Brings these nodes to what the plan and their requirements say. */
  repair(wish: PlanWish, only: string[]): Promise<Started>;

  /** What was done on a host. */
  hostHistory(name: string): Promise<HostHistory>;
  /** The end of what the programs printed for a node, fetched from the host. */
  nodeLog(job: string, node: string): Promise<string>;
}
