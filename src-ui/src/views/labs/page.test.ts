import { expect, test } from "vitest";
import { FakeBackend } from "../../backend/fake/backend";
import { ceosStages, labMoments, type NodeScript } from "../../backend/fake/labjobs";
import { fabric } from "../../backend/fake/topologies";
import { NOON, WORLDS } from "../../backend/fake/worlds";
import type { LabView } from "../../backend/generated/LabView";
import { App } from "../../state/app.svelte";
import { linkActions, linksTitle, portActions } from "./menus";
import { LabPageState } from "./page.svelte";
import { TerminalDockState } from "./terminals/dock.svelte";

const ONE = "spine1:eth1 leaf1:eth49";
const OTHER = "leaf1:eth1 host1:eth1";

interface Scene {
  app: App;
  backend: FakeBackend;
  page: LabPageState;
}

function scene(lab: LabView = fabric().view()): Scene {
  const backend = new FakeBackend({ ...WORLDS["lab"]!(), labs: { all: [lab], open: lab.key, plan: { steps: [], kept: [], notes: [], obstacles: [] }, rates: [] } });
  const app = new App(backend);
  return { app, backend, page: new LabPageState(app, lab, new TerminalDockState(app)) };
}

const labels = (groups: { label: string }[][]): string[] => groups.flat().map(({ label }) => label);
const wishes = (backend: FakeBackend): unknown[] => backend.asked.filter(({ name }) => name === "changeLink").map(({ given }) => given[1]);
const soon = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

test("what is done with several links is done with all of them, and only one is impaired or listened to", async () => {
  const { backend, page } = scene();
  expect(labels(linkActions(page, [ONE]))).toEqual(["Set down", "Impair…", "Disconnect", "Capture at spine1:eth1", "Capture at leaf1:eth49", "Remove from the file…"]);
  const groups = linkActions(page, [ONE, OTHER]);
  expect(labels(groups)).toEqual(["Set down", "Disconnect", "Remove from the file…"]);
  groups[0]?.[0]?.does();
  await soon();
  expect(wishes(backend)).toEqual([{ type: "set", end: "spine1:eth1", up: false }, { type: "set", end: "leaf1:eth1", up: false }]);
  groups[2]?.[0]?.does();
  expect(page.sheet).toEqual({ type: "remove", nodes: [], links: [ONE, OTHER] });
  expect([linksTitle([ONE]), linksTitle([ONE, OTHER])]).toEqual(["spine1:eth1 – leaf1:eth49", "2 links"]);
});

test("of links of which some are down, some can be set up and the others down", () => {
  const lab = fabric().view();
  const [first] = lab.links;
  const { page } = scene({ ...lab, links: lab.links.map((link) => (link === first ? { ...link, standing: "down" } : link)) });
  expect(labels(linkActions(page, [ONE, OTHER]))).toEqual(["Set down", "Set up", "Disconnect", "Remove from the file…"]);
  expect(labels(linkActions(page, [ONE]))[0]).toBe("Set up");
});

test("links are changed up to the first that cannot be, and its failure stays", async () => {
  const { app, backend, page } = scene();
  backend.failures.set("changeLink", { code: "link_end_unknown", message: "no", hints: [], chain: [] });
  expect(await page.changeLinks([{ type: "set", end: "spine1:eth1", up: false }, { type: "set", end: "leaf1:eth1", up: false }])).toBe(false);
  expect([wishes(backend).length, app.failure?.message]).toEqual([1, "no"]);
});

test("a port without a link is listened to, and connected from", () => {
  const { page } = scene();
  const leaf = page.nodes.get("leaf1")!;
  const port = leaf.ports.find(({ name }) => name === "eth2")!;
  const groups = portActions(page, leaf, port);
  expect(labels(groups)).toEqual(["Capture", "Connect…"]);
  groups[1]?.[0]?.does();
  expect(page.sheet).toEqual({ type: "connect", from: "leaf1", to: null, port: "eth2" });
  expect(portActions(page, leaf, { ...port, wired: false })[0]?.[0]?.isDisabled).toBe(true);
});

test("many terminals are asked about before they are opened", () => {
  const { page } = scene();
  const names = Array.from({ length: 11 }, (_, index) => `n${index}`);
  page.openTerminals(names, "console");
  expect([page.sheet, page.dock.tabs.length]).toEqual([{ type: "terminals", nodes: names, what: "console" }, 0]);
});

test("a node whose container was taken back shows where it failed, until the next job", () => {
  const { app, page } = scene(fabric().absent().view());
  const failing: NodeScript = { name: "leaf2", stages: [{ name: "Start", takes: 10, fails: "no space is left" }] };
  const error = { code: "lab_node", message: "node leaf2 failed", chain: [], hints: [] };
  const play = (at: number, number: number, kind: "deploy" | "stop", nodes: NodeScript[], ends: Partial<{ error: typeof error }>): void => {
    labMoments({ kind, lab: "dc1", at, title: `${kind} dc1`, nodes, ends: 1, ...ends }, number).forEach((moment, index) => app.jobs.apply({ ...moment, seq: number * 1000 + index }));
  };
  play(NOON, 1, "deploy", [failing, { name: "leaf3", stages: ceosStages(10) }], { error });
  const face = (name: string): unknown => page.face(page.nodes.get(name)!);
  expect(face("leaf2")).toEqual({ words: "failed: Start", look: "bad", since: null, why: "no space is left" });
  expect(face("leaf3")).toMatchObject({ words: "not deployed", look: "plain" });
  play(NOON + 60_000, 2, "stop", [], {});
  expect(face("leaf2")).toMatchObject({ words: "not deployed" });
});
