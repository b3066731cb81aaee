import { expect, test } from "vitest";
import { FakeBackend } from "../../../backend/fake/backend";
import { WORLDS } from "../../../backend/fake/worlds";
import { App } from "../../../state/app.svelte";
import { TerminalDockState } from "./dock.svelte";
import { PaperScreen } from "./paper";

const soon = (): Promise<void> => new Promise((done) => setTimeout(done));

function dock(): { dock: TerminalDockState; backend: FakeBackend; screens: PaperScreen[] } {
  const world = WORLDS["idle"];
  if (!world) throw new Error("there is no idle world");
  const backend = new FakeBackend(world());
  const screens: PaperScreen[] = [];
  const made = new TerminalDockState(new App(backend), async (_, events) => {
    const screen = new PaperScreen().listen(events);
    screens.push(screen);
    return screen;
  });
  return { dock: made, backend, screens };
}

const titles = (of: TerminalDockState): string[] => of.tabs.map((tab) => tab.title);
const shown = (of: TerminalDockState): string[] => of.shown.map((tab) => tab.title);

test("what is open is shown again, and not opened twice", () => {
  const { dock: made } = dock();
  made.open("dc1", "leaf1", "console");
  made.open("dc1", "leaf1", "logs");
  made.open("dc1", "leaf1", "console");
  expect([titles(made), made.active?.title]).toEqual([["leaf1 · console", "leaf1 · logs"], "leaf1 · console"]);
  made.open("dc2", "leaf1", "console");
  expect([made.tabs.length, made.hasManyLabs]).toEqual([3, true]);
});

test("another one of the same has a number, and the least that is free", () => {
  const { dock: made } = dock();
  made.open("dc1", "leaf1", "shell");
  made.another();
  made.another();
  expect(titles(made)).toEqual(["leaf1 · shell", "leaf1 · shell 2", "leaf1 · shell 3"]);
  const second = made.tabs[1];
  if (second) made.close(second);
  made.another();
  expect(made.active?.title).toBe("leaf1 · shell 2");
});

test("several that are opened at once all begin, though one is in sight", async () => {
  const { dock: made, backend } = dock();
  for (const node of ["leaf1", "leaf2", "leaf3"]) made.open("dc1", node, "logs");
  await soon();
  const begun = backend.asked.filter(({ name }) => name === "openTerminal").map(({ given }) => (given[0] as { node: string }).node);
  expect([begun, shown(made)]).toEqual([["leaf1", "leaf2"], ["leaf3 · logs"]]);
});

test("two are shown side by side in the order of their tabs; a tab comes into the pane that the user is in", () => {
  const { dock: made } = dock();
  for (const node of ["leaf1", "leaf2", "leaf3"]) made.open("dc1", node, "console");
  made.split();
  expect([shown(made), made.pane]).toEqual([["leaf2 · console", "leaf3 · console"], 1]);
  const [first, second] = made.tabs;
  if (first) made.select(first);
  expect(shown(made)).toEqual(["leaf2 · console", "leaf1 · console"]);
  if (second) made.select(second);
  expect([made.pane, made.active]).toEqual([0, second]);
  made.split();
  expect([shown(made), made.pane]).toEqual([["leaf2 · console"], 0]);
});

test("one alone is split with another of the same", () => {
  const { dock: made } = dock();
  made.open("dc1", "leaf1", "console");
  made.split();
  expect([shown(made), made.pane]).toEqual([["leaf1 · console", "leaf1 · console 2"], 0]);
});

test("a neighbour takes the place of a tab that is closed, and the last leaves nothing", async () => {
  const { dock: made, screens } = dock();
  for (const node of ["leaf1", "leaf2", "leaf3"]) made.open("dc1", node, "console");
  const [first, second, third] = made.tabs;
  if (second) made.select(second);
  if (second) made.close(second);
  expect(shown(made)).toEqual(["leaf3 · console"]);
  made.split();
  if (first) made.close(first);
  expect([shown(made), made.pane, made.active]).toEqual([["leaf3 · console"], 0, third]);
  if (third) made.close(third);
  expect([made.tabs, made.shown, made.active]).toEqual([[], [], null]);
  await soon();
  expect(screens.every((screen) => screen.isDisposed)).toBe(true);
});

test("steps lead around", () => {
  const { dock: made } = dock();
  for (const node of ["leaf1", "leaf2", "leaf3"]) made.open("dc1", node, "console");
  made.step(1);
  expect(made.active?.title).toBe("leaf1 · console");
  made.step(-1);
  expect(made.active?.title).toBe("leaf3 · console");
});

test("a capture that runs is shown again; one that ended stays, and another begins", async () => {
  const { dock: made, backend } = dock();
  made.capture("dc1", "leaf1:eth1");
  await soon();
  made.capture("dc1", "leaf1:eth1");
  expect(titles(made)).toEqual(["leaf1:eth1 · capture"]);
  backend.terminals.stopCapture(1);
  made.another();
  expect(titles(made)).toEqual(["leaf1:eth1 · capture", "leaf1:eth1 · capture 2"]);
  const first = made.tabs[0];
  if (first) made.remove(first);
  await soon();
  expect([...backend.terminals.captures.keys()]).toEqual([2]);
});

test("only a lab whose engine was asked tells how nodes stand, and tabs that come later know it, too", async () => {
  const { dock: made, backend } = dock();
  const stopped = { name: "leaf1", since: "", standing: "stopped" } as const;
  made.open("dc1", "leaf1", "shell");
  const tab = made.active;
  if (tab?.type !== "terminal") throw new Error("there is no shell");
  await tab.begin();
  await soon();
  backend.terminals.nodesChanged({ name: "dc1", nodes: [{ name: "leaf1", since: "a" }] }, { name: "dc1", nodes: [{ name: "leaf1", since: "" }] });
  made.nodes({ name: "dc1", known: false, nodes: [stopped] });
  expect([tab.phase, tab.isWaiting]).toEqual(["ended", false]);
  made.nodes({ name: "dc1", known: true, nodes: [stopped] });
  expect(tab.isWaiting).toBe(true);
  made.another();
  const later = made.active;
  if (later?.type !== "terminal") throw new Error("there is no shell");
  await later.begin();
  await soon();
  expect([later.phase, later.isWaiting]).toEqual(["failed", true]);
});

test("a capture that is not saved is closed only when that is answered", async () => {
  const { dock: made, backend } = dock();
  made.capture("dc1", "leaf1:eth1");
  await soon();
  const [tab] = made.tabs;
  if (tab) made.close(tab);
  expect([made.closing, titles(made)]).toEqual([tab, ["leaf1:eth1 · capture"]]);
  if (tab) made.remove(tab);
  expect([made.closing, titles(made)]).toEqual([null, []]);
  await soon();
  expect(backend.asked.at(-1)).toEqual({ name: "dropCapture", given: [1] });
});
