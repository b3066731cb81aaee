/** Hosts, and what stands on them, in words. */

import type { Host } from "../backend/generated/Host";
import type { HostFacts } from "../backend/generated/HostFacts";
import type { HostStanding } from "../backend/generated/HostStanding";
import type { HostView } from "../backend/generated/HostView";
import type { NodeSource } from "../backend/generated/NodeSource";
import type { Prospect } from "../backend/generated/Prospect";
import type { Look } from "../shared/look";
import { bytes } from "./units";

/** The code of an error that is no question: the host shows another key than it did. */
export const KEY_CHANGED = "host_key_changed";

export interface StandingFace {
  look: Look;
  words: string;
}

/** How a host stands: `connected, 38 ms`. */
export function standingFace(standing: HostStanding): StandingFace {
  switch (standing.type) {
    case "unknown":
      return { look: "plain", words: "not asked yet" };
    case "asking":
      return { look: "run", words: "asking…" };
    case "connected":
      return { look: "ok", words: `connected, ${standing.round_trip} ms` };
    case "key_unknown":
      return { look: "warn", words: "key unknown" };
    case "unreachable":
      return { look: "bad", words: standing.error.code === KEY_CHANGED ? "key changed" : "unreachable" };
  }
}

/** The same without what changes all the time, to be said aloud. */
export function standingAloud(standing: HostStanding): string {
  return standing.type === "connected" ? "connected" : standingFace(standing).words;
}

/** Where ssh goes: as its configuration resolves it, else as the user said it. */
export function whereTo({ host, resolved }: HostView): string {
  return resolved ?? (host.port ? `${host.destination}:${host.port}` : host.destination);
}

/** What a test found, as far as it is worth a word: the name of each fact, and the fact. */
export function factsOf(facts: HostFacts): { name: string; value: string; look: Look; why?: string }[] {
  const { system, user, hostname, git, python, engine, engine_problem, free_space, systemd, home, home_writable } = facts;
  return [
    { name: "System", value: system, look: "plain", why: `${system}, ${hostname}` },
    { name: "User", value: user, look: "plain", why: `${user} on ${hostname}, ${facts.shell}` },
    { name: "git", value: git ?? "none", look: git ? "plain" : "warn" },
    { name: "Python", value: python ?? "none", look: python ? "plain" : "warn" },
    { name: "Engine", value: engine ?? (engine_problem ? "does not answer" : "none"), look: engine_problem ? "warn" : "plain", ...(engine_problem ? { why: engine_problem } : {}) },
    { name: "Free", value: free_space === null ? "unknown" : bytes(free_space), look: "plain", why: `at ${home}` },
    { name: "systemd", value: systemd ? "runs" : "not used", look: "plain", why: "Nothing here needs it." },
    ...(home_writable ? [] : [{ name: "Home", value: "read-only", look: "bad" as const, why: home }]),
  ];
}

const PROSPECTS: Record<Prospect, { look: Look; words: string; about: string }> = {
  new: { look: "ok", words: "new", about: "Nothing stands there: it is installed." },
  present: { look: "plain", words: "already installed", about: "It is there as wanted; its requirements are seen to." },
  update: { look: "run", words: "update", about: "It is there at another commit, which is changed." },
  husk: { look: "warn", words: "husk", about: "Only .git stands there: an earlier clone broke off." },
  other_remote: { look: "warn", words: "other remote", about: "Another repository stands there." },
  local_changes: { look: "warn", words: "local changes", about: "Files were changed or added there." },
  not_a_repository: { look: "warn", words: "not a repository", about: "Something stands there that is no repository." },
  unknown: { look: "plain", words: "not known", about: "It could not be told." },
};

const IN_THE_WAY: ReadonlySet<Prospect> = new Set(["husk", "other_remote", "local_changes", "not_a_repository"]);

export function prospectFace(prospect: Prospect): { look: Look; words: string; about: string } {
  return PROSPECTS[prospect];
}

/** Whether what stands there is left alone unless the user says otherwise, so that the node fails. */
export function isInTheWay(prospect: Prospect | undefined): boolean {
  return prospect !== undefined && IN_THE_WAY.has(prospect);
}

/** Where a node comes from, in one line. */
export function sourceWords(source: NodeSource): string {
  switch (source.kind) {
    case "git":
      return source.url;
    case "packages":
      return source.packages.join(", ");
    case "image":
      return source.image.from === "file" ? source.image.path : source.image.reference;
    case "other":
      return "";
  }
}

/** What a node is pinned to; a commit as git shortens it. */
export function pinOf(source: NodeSource): string {
  if (source.kind !== "git" || !source.reference) return "";
  return /^[0-9a-f]{40}$/.test(source.reference) ? source.reference.slice(0, 7) : source.reference;
}

/** The folder that a node goes to, below the target. */
export function folderOf(source: NodeSource): string {
  return source.kind === "git" ? source.folder : "";
}

const NAME = /^[^\s/\\:]{1,63}$/;

/** What is wrong with the name of a new host; empty where nothing is. */
export function hostNameProblem(name: string, taken: ReadonlySet<string>): string {
  if (name === "") return "";
  if (!NAME.test(name)) return "A name has no spaces, slashes or colons, and at most 63 characters.";
  return taken.has(name) ? `There is a host ${name} already.` : "";
}

/** What is wrong with an address. What begins with a hyphen would be an option for ssh. */
export function addressProblem(address: string): string {
  if (address === "") return "";
  if (address.startsWith("-")) return "An address does not begin with a hyphen.";
  if (/^ssh:\/\//.test(address)) return "Only the name or address: the user and the port have their own fields.";
  return /[\s@/]/.test(address) ? "An address has no spaces, slashes or @: the user has a field of its own." : "";
}

export function userProblem(user: string): string {
  if (user.startsWith("-")) return "A user does not begin with a hyphen.";
  return /[\s@:/]/.test(user) ? "A user's name has no spaces, slashes, colons or @." : "";
}

export function portProblem(port: string): string {
  if (port === "") return "";
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  return number >= 1 && number <= 65_535 ? "" : "A port is a number from 1 to 65535.";
}

/** What the user filled in, as it is kept. */
export function hostFrom(fields: { name: string; address: string; user: string; port: string; identity: string }): Host {
  const destination = fields.user ? `${fields.user}@${fields.address}` : fields.address;
  return { name: fields.name || fields.address, destination, port: fields.port ? Number(fields.port) : null, identity: fields.identity || null, ssh_config: null };
}
