import { expect, test } from "vitest";
import { ceosStages, labMoments } from "../../backend/fake/labjobs";
import { CLEAR, fabric } from "../../backend/fake/topologies";
import { workIn } from "../../domain/labwork";
import { Jobs } from "../../state/jobs.svelte";
import { withDraft } from "./draft";
import { failureOf } from "./failure";
import { freePorts, linkIds, nextPort, portWords, silentEnds } from "./links";
import { freeName, nameProblem } from "./names";
import { impairmentsOf, textsOf } from "./panel/impairments";
import { connection } from "./sheets/connect";
import { groupsOf } from "./sheets/plan";

const lab = fabric().view();
const node = (name: string): (typeof lab.nodes)[0] => {
  const found = lab.nodes.find((known) => known.name === name);
  if (!found) throw new Error(`there is no node ${name}`);
  return found;
};

test("links that a wrong file has twice have ids of their own", () => {
  const [link] = lab.links;
  expect(linkIds([link!, link!]).size).toBe(2);
});

test("ports without a link are free, and the next one has the next number", () => {
  expect(freePorts(node("leaf1"), lab.links).map(({ name }) => name)).toEqual(["eth2", "eth3"]);
  expect([nextPort(node("leaf1").ports.map(({ written }) => written)), nextPort([])]).toEqual(["eth51", "eth1"]);
});

test("an end without a carrier is told of a link that is up", () => {
  const [link] = lab.links;
  const nodes = new Map(lab.nodes.map((known) => [known.name, known]));
  expect(silentEnds(link!, nodes)).toEqual([]);
  const spine = node("spine1");
  nodes.set("spine1", { ...spine, ports: spine.ports.map((port) => (port.name === "eth1" ? { ...port, carrier: false } : port)) });
  expect([silentEnds(link!, nodes), silentEnds({ ...link!, standing: "down" }, nodes)]).toEqual([[0], []]);
  const port = { name: "eth1", written: "eth1", wired: true, carrier: false, problem: "" };
  expect([portWords(port), portWords({ ...port, carrier: true }), portWords({ ...port, wired: false }), portWords({ ...port, problem: "no" })]).toEqual(["no carrier", "carrier", "not wired", "no"]);
});

test.each([
  [{ node: "leaf1", port: "eth2" }, { node: "host1", port: "eth2" }, "", true],
  [{ node: "leaf1", port: "eth9" }, { node: "host1", port: "eth2" }, "", false],
  [{ node: "leaf1", port: "eth49" }, { node: "host1", port: "eth2" }, "leaf1 has a link at eth49 already.", true],
  [{ node: "leaf1", port: "eth2" }, { node: "leaf1", port: "eth2" }, "A port cannot be joined with itself.", true],
  [{ node: "leaf1", port: "" }, { node: "host1", port: "eth2" }, "leaf1 needs a port.", false],
  [{ node: "leaf1", port: "a b" }, { node: "host1", port: "eth2" }, "A port's name has neither spaces nor colons.", false],
])("joining %o with %o: %s", (one, other, problem, isPossibleNow) => {
  expect(connection(lab, one, other)).toMatchObject({ problem, isPossibleNow });
});

test("of a lab that is not deployed nothing is joined at once", () => {
  const made = connection(fabric().absent().view(), { node: "leaf1", port: "eth2" }, { node: "host1", port: "eth2" });
  expect([made.isPossibleNow, made.why]).toEqual([false, "The lab is not deployed."]);
});

test("a new node gets the next name, and a name has to be one", () => {
  expect([freeName(lab.nodes), freeName([{ name: "leaf1" }, { name: "leaf2" }, { name: "leaf3" }, { name: "mine" }]), freeName([])]).toEqual(["host3", "leaf4", "node1"]);
  const taken = new Set(["leaf1"]);
  expect([nameProblem("leaf2", taken), nameProblem("leaf1", taken)]).toEqual(["", "There is a node leaf1 already."]);
  for (const name of ["", "x", "-x", "a b", "a:b"]) expect(nameProblem(name, taken)).not.toBe("");
});

test("impairments survive being written and read", () => {
  const impairments = { delay_us: 20_500, jitter_us: 1000, loss_ppm: 5000, corruption_ppm: 1, rate_bps: 1_500_000 };
  expect(textsOf(impairments)).toEqual({ delay: "20.5", jitter: "1", loss: "0.5", corruption: "0.0001", rate: "1.5" });
  expect(impairmentsOf(textsOf(impairments))).toEqual({ impairments });
  expect(impairmentsOf(textsOf(CLEAR))).toEqual({ impairments: CLEAR });
});

test.each([
  ["delay", "fast", "Delay is a number of ms."],
  ["loss", "101", "Loss is at most 100 %."],
  ["jitter", "3", "The delay cannot vary by more than itself."],
  ["rate", "-1", "Rate is a number of Mbit/s."],
] as const)("%s of %s is refused", (field, text, problem) => {
  expect(impairmentsOf({ ...textsOf(CLEAR), [field]: text })).toMatchObject({ field, problem });
});

test("a plan tells nodes that restart from those that are new or gone, and says why", () => {
  const step = (kind: string, object: string, why = ""): { kind: string; object: string; why: string; words: string } => ({ kind, object, why, words: `${kind} ${object}` });
  const steps = [
    step("pull", "ceos:1"),
    step("remove_node", "leaf1", "its settings have changed"),
    step("remove_node", "old", "the file has it no more"),
    step("create_node", "leaf1", "its settings have changed"),
    step("create_node", "leaf4", "it is new"),
    step("wire", "dc1"),
    step("start_node", "leaf1"),
    step("start_node", "host1"),
  ];
  const groups = groupsOf({ steps, kept: [], notes: [], obstacles: [] });
  expect(groups.map(({ id, lines }) => [id, lines.map(({ object, why }) => `${object} ${why}`.trim())])).toEqual([
    ["bring", ["ceos:1 pulled"]],
    ["anew", ["leaf1 its settings have changed"]],
    ["gone", ["old the file has it no more"]],
    ["new", ["leaf4"]],
    ["start", ["host1"]],
    ["around", ["wire dc1"]],
  ]);
});

test("an edited text's nodes and links stand as they stand now", () => {
  const draft = fabric().absent().node("leaf4", { kind: "linux", title: "Linux", image: "frr:1", saves: false }, { standing: "absent" }).view();
  const shown = withDraft(lab, draft);
  expect(shown.nodes.map(({ name, standing }) => `${name} ${standing}`)).toEqual([...lab.nodes.map(({ name }) => `${name} ready`), "leaf4 absent"]);
  expect(new Set(shown.links.map(({ standing }) => standing))).toEqual(new Set(["up"]));
});

test("a failure names the stage, the reason, and what to do if it is the only one", () => {
  const jobs = new Jobs();
  const fails = (name: string): { name: string; stages: ReturnType<typeof ceosStages> } => ({ name, stages: [{ name: "platform", takes: 10, fails: "it is no hardware" }] });
  const error = { code: "lab_node", message: "node leaf2 failed", chain: [], hints: ["Restart it."] };
  const play = (at: number, nodes: ReturnType<typeof fails>[]): void => {
    const seq = jobs.all.reduce((last, job) => Math.max(last, job.seq), 0);
    labMoments({ kind: "deploy", lab: "dc1", at, title: "Deploy dc1", nodes, ends: 1, error }).forEach((moment, index) => jobs.apply({ ...moment, seq: seq + index + 1 }));
  };
  play(1000, [fails("leaf2")]);
  play(2000, [fails("leaf2"), fails("leaf3")]);
  const [one, two] = jobs.all.map((job) => workIn(job).get("leaf2"));
  const failed = { ...node("leaf2"), standing: "failed" as const, reason: "" };
  expect(failureOf(failed, one)).toMatchObject({ message: "leaf2 failed at platform", chain: ["it is no hardware"], hints: ["Restart it."] });
  expect(failureOf(failed, two)?.hints).toEqual(["Look at its log, and restart it."]);
  expect(failureOf(node("leaf2"), one)).toBeNull();
  // The step's words have the last lines; the engine's only that it ended.
  expect(failureOf({ ...failed, reason: "it ended with 1" }, one)?.chain).toEqual(["it is no hardware"]);
  expect(failureOf({ ...failed, reason: "it ended with 1" }, undefined)).toMatchObject({ message: "leaf2 failed", chain: ["it ended with 1"] });
  expect(failureOf({ ...failed, standing: "absent" }, two)).toMatchObject({ message: "leaf2 failed at platform", hints: ["Its container was taken back. Bring the lab up again once the cause is mended."] });
});
