import { describe, expect, test } from "vitest";
import type { HostFacts } from "../backend/generated/HostFacts";
import type { HostStanding } from "../backend/generated/HostStanding";
import type { HostView } from "../backend/generated/HostView";
import type { NodeSource } from "../backend/generated/NodeSource";
import { addressProblem, factsOf, folderOf, hostFrom, hostNameProblem, isInTheWay, pinOf, portProblem, sourceWords, standingAloud, standingFace, userProblem, whereTo } from "./hosts";

const error = (code: string) => ({ code, message: "no", hints: [], chain: [] });

test.each<[HostStanding, string, string]>([
  [{ type: "unknown" }, "plain", "not asked yet"],
  [{ type: "asking" }, "run", "asking…"],
  [{ type: "connected", round_trip: 38 }, "ok", "connected, 38 ms"],
  [{ type: "key_unknown", key: { algorithm: "RSA", fingerprint: "SHA256:x" } }, "warn", "key unknown"],
  [{ type: "unreachable", error: error("host_unreachable") }, "bad", "unreachable"],
  [{ type: "unreachable", error: error("host_key_changed") }, "bad", "key changed"],
])("%o is said as %s: %s", (standing, look, words) => {
  expect(standingFace(standing)).toEqual({ look, words });
});

test("the round trip is shown, and not said aloud each time that it changes", () => {
  expect(standingAloud({ type: "connected", round_trip: 38 })).toBe("connected");
});

test("where ssh goes is what its configuration says, else what the user said", () => {
  const view: HostView = { host: { name: "a", destination: "root@a.lab", port: 2207 }, resolved: null, standing: { type: "unknown" }, facts: null, jobs: [] };
  expect(whereTo(view)).toBe("root@a.lab:2207");
  expect(whereTo({ ...view, host: { name: "a", destination: "a" } })).toBe("a");
  expect(whereTo({ ...view, resolved: "root@10.0.0.7:22" })).toBe("root@10.0.0.7:22");
});

const FACTS: HostFacts = { user: "root", hostname: "c4f1", system: "Debian 12", shell: "/bin/sh", home: "/root", home_writable: true, free_space: 2 ** 30, git: "2.39", python: null, engine: null, engine_problem: "permission denied", systemd: false, setsid: true };

test("facts say what is missing, and why", () => {
  const facts = new Map(factsOf(FACTS).map((fact) => [fact.name, fact]));
  expect([facts.get("git")?.value, facts.get("Python")?.value, facts.get("Free")?.value, facts.get("systemd")?.value]).toEqual(["2.39", "none", "1.00 GiB", "not used"]);
  expect(facts.get("Engine")).toMatchObject({ value: "does not answer", look: "warn", why: "permission denied" });
  expect(facts.has("Home")).toBe(false);
  expect(factsOf({ ...FACTS, home_writable: false, free_space: null }).filter(({ name }) => name === "Home" || name === "Free").map(({ value }) => value)).toEqual(["unknown", "read-only"]);
});

const git = (reference: string | null): NodeSource => ({ kind: "git", url: "https://a/b", folder: "b/c", reference, requirements: null, packages: [] });

test.each<[NodeSource, string, string, string]>([
  [git("0123456789012345678901234567890123456789"), "https://a/b", "0123456", "b/c"],
  [git("v1.2"), "https://a/b", "v1.2", "b/c"],
  [git(null), "https://a/b", "", "b/c"],
  [{ kind: "packages", packages: ["numpy<2", "torch"] }, "numpy<2, torch", "", ""],
  [{ kind: "image", image: { from: "registry", reference: "frr:10" } }, "frr:10", "", ""],
  [{ kind: "image", image: { from: "file", path: "ceos.tar", reference: null } }, "ceos.tar", "", ""],
  [{ kind: "other" }, "", "", ""],
])("%o comes from %j, at %j, into %j", (source, from, pin, folder) => {
  expect([sourceWords(source), pinOf(source), folderOf(source)]).toEqual([from, pin, folder]);
});

test("what is left alone unless the user says otherwise", () => {
  expect((["new", "present", "update", "unknown", "husk", "other_remote", "local_changes", "not_a_repository"] as const).filter(isInTheWay)).toEqual(["husk", "other_remote", "local_changes", "not_a_repository"]);
  expect(isInTheWay(undefined)).toBe(false);
});

describe("a new host", () => {
  test.each([
    ["gpu-7", ""],
    ["", ""],
    ["gpu 7", "spaces"],
    ["a/b", "slashes"],
    ["a:b", "colons"],
    ["x".repeat(64), "63"],
    ["there", "There is a host there already."],
  ])("may be called %j: %j", (name, problem) => {
    expect(hostNameProblem(name, new Set(["there"]))).toContain(problem);
    if (problem === "") expect(hostNameProblem(name, new Set(["there"]))).toBe("");
  });

  test.each([
    ["gpu-7.example.net", ""],
    ["2001:db8::7", ""],
    ["", ""],
    ["root@gpu-7", "user"],
    ["-oProxyCommand=id", "hyphen"],
    ["ssh://gpu-7", "fields"],
    ["a b", "spaces"],
  ])("may have the address %j: %j", (address, problem) => {
    expect(addressProblem(address)).toContain(problem);
    if (problem === "") expect(addressProblem(address)).toBe("");
  });

  test("has a user and a port that ssh can be told", () => {
    expect(["root", "", "a b", "-l", "a@b"].map((user) => userProblem(user) === "")).toEqual([true, true, false, false, false]);
    expect(["22", "", "0", "65535", "65536", "x", "-1"].map((port) => portProblem(port) === "")).toEqual([true, true, false, true, false, false, false]);
  });

  test("is kept with what was said, and nothing else", () => {
    expect(hostFrom({ name: "", address: "gpu-7", user: "", port: "", identity: "" })).toEqual({ name: "gpu-7", destination: "gpu-7", port: null, identity: null, ssh_config: null });
    expect(hostFrom({ name: "big", address: "10.0.0.7", user: "root", port: "2207", identity: "~/.ssh/id" })).toEqual({ name: "big", destination: "root@10.0.0.7", port: 2207, identity: "~/.ssh/id", ssh_config: null });
  });
});
