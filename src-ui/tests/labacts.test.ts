import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { MISTAKEN } from "../src/backend/fake/texts";
import { fabric } from "../src/backend/fake/topologies";
import { ceosStages, labMoments } from "../src/backend/fake/labjobs";
import { NO_PLAN } from "../src/backend/fake/labs";
import { NOON, type World } from "../src/backend/fake/worlds";
import type { LabView } from "../src/backend/generated/LabView";
import { click, drawing, drawn, items, middle, node, panel, press } from "./lab";
import { Line } from "./labline";
import { lastAsked, settled, text, the, until } from "./show";

const asked = (backend: { asked: { name: string }[] }, name: string): number => backend.asked.filter((question) => question.name === name).length;
const opened = (view: LabView): Partial<World> => ({ labs: { all: [view], open: view.key, plan: NO_PLAN, rates: [] } });
const dialog = (): string => document.querySelector<HTMLElement>("dialog")?.innerText.replace(/\s+/g, " ") ?? "";

async function show(view: string): Promise<void> {
  await userEvent.click(the("label", view));
  await settled();
}

/** Writes a line at the top of the file, which is not saved. */
async function change(): Promise<void> {
  await show("File");
  await until(() => document.querySelector(".cm-line") !== null, "the editor");
  await userEvent.click(document.querySelector(".cm-line") as HTMLElement);
  await press("{Home}# mine ");
}

test("a start with changes that are not saved says so, and starts what was saved", async () => {
  const { backend } = await drawn("lab", opened(fabric().absent().view()));
  await change();
  await click(the("button", "Start"));
  await until(() => dialog().includes("The file has changes that are not saved"), "the plan");
  expect(asked(backend, "deployLab")).toBe(0);
  const plans = asked(backend, "planLab");
  await click([...document.querySelectorAll<HTMLElement>("dialog button")].find((button) => button.textContent === "Save") as HTMLElement);
  await until(() => !dialog().includes("not saved"), "the saved file");
  await until(() => asked(backend, "planLab") > plans, "the plan of the saved file");
});

test("a start in the list with changes that are not saved opens the plan", async () => {
  const { backend } = await drawn("lab", opened(fabric().absent().view()));
  await change();
  await click(the("button", "All labs"));
  await click(the("button", "Start dc1"));
  await until(() => dialog().includes("The file has changes that are not saved"), "the plan");
  expect(asked(backend, "deployLab")).toBe(0);
});

test("the table's menu is that of all links that are chosen, with the one that was clicked", async () => {
  const { backend } = await drawn("lab");
  await show("Table");
  await userEvent.click(the("label", "links"));
  await settled();
  const row = (from: string): HTMLElement => [...document.querySelectorAll<HTMLElement>("[role=row]")].find((one) => one.querySelector("[role=gridcell]")?.getAttribute("title") === from) as HTMLElement;
  await click(row("spine1:eth1"));
  await userEvent.keyboard("{Control>}");
  await click(row("leaf1:eth1"));
  await userEvent.keyboard("{/Control}");
  await click(row("leaf1:eth1"), "right");
  expect([document.querySelector("[role=menu]")?.getAttribute("aria-label"), items()]).toEqual(["2 links", ["Set down", "Disconnect", "Remove from the file…"]]);
  await click(the("menuitem", "Set down"));
  await until(() => asked(backend, "changeLink") === 2, "both links");
  expect(panel()).toContain("2 links");
  await click(the("button", "Set up"));
  await until(() => asked(backend, "changeLink") === 4, "both links again");
  await click(row("leaf3:eth1"), "right");
  expect(items()).toContain("Capture at leaf3:eth1");
});

test("a node whose container was taken back shows where it failed, and why, and its job is done again", async () => {
  const why = "it ended with 1; it printed last:\nno space is left";
  const error = { code: "node_ended", message: "node leaf2 of lab dc1 failed", chain: [], hints: [] };
  const nodes = [{ name: "leaf2", stages: [{ name: "Start", takes: 300, fails: why }] }, { name: "leaf3", stages: ceosStages(100) }];
  const moments = labMoments({ kind: "deploy", lab: "dc1", at: NOON - 60_000, title: "Deploy dc1 on Docker 28.5", nodes, ends: 0, error });
  const { backend } = await drawn("lab", { ...opened(fabric().absent().view()), moments });
  await until(() => node("leaf2").innerText.includes("failed: Start"), "the mark");
  expect([node("leaf2").classList.contains("bad"), node("leaf2").title, node("leaf3").innerText]).toEqual([true, expect.stringContaining("no space is left"), expect.stringContaining("not deployed")]);
  await click(node("leaf2"));
  expect(panel()).toContain("leaf2 failed at Start because it ended with 1; it printed last: no space is left Its container was taken back");
  await show("Table");
  expect(text()).toContain("failed: Start");
  await click(the("button", "Retry"));
  await until(() => asked(backend, "retryJob") === 1, "the job again");
});

test("what is wrong in the file is marked at its node, and leads to its line", async () => {
  await drawn("lab-mistakes");
  await until(() => node("leaf2").querySelector(".mark.bad") !== null, "the mark");
  expect([document.querySelectorAll(".drawing .mark").length, node("leaf2").title]).toEqual([1, expect.stringContaining("kind `arista_ceso` is not known")]);
  await click(node("leaf2"));
  const line = MISTAKEN.split("\n").findIndex((one) => one.includes("arista_ceso")) + 1;
  await click([...document.querySelectorAll<HTMLElement>("aside button")].find((button) => button.innerText.includes(`Line ${line}`)) as HTMLElement);
  await until(() => text().includes(`Line ${line}, column 13`), "its place in the file");
});

test("a node that boots by itself says what it lacks", async () => {
  const lab = fabric().change("leaf1", { standing: "booting", reason: "`Cli -p 15 -c show version` does not succeed yet" }).change("leaf2", { standing: "booting", reason: "its commands have not run since it was started" });
  await drawn("lab", opened(lab.view()));
  await click(node("leaf1"));
  expect(panel()).toContain("`Cli -p 15 -c show version` does not succeed yet. Links");
  await click(node("leaf2"));
  expect(panel()).toContain("Its commands have not run since it was started. Links");
});

test("a link that is up shows at which end no carrier is seen", async () => {
  const view = fabric().view();
  view.nodes = view.nodes.map((one) => (one.name === "leaf1" ? { ...one, ports: one.ports.map((port) => (port.name === "eth1" ? { ...port, carrier: false } : port)) } : one));
  await drawn("lab", opened(view));
  expect((await Line.find("leaf1:eth1", "host1:eth1")).said).toBe("leaf1:eth1 – host1:eth1, up\nno carrier at leaf1:eth1");
});

test("a port without a link is listened to, and connected from", async () => {
  const { backend } = await drawn("lab");
  await click(node("leaf1"));
  expect(panel()).toContain("Ports without a link eth2 no carrier eth3 no carrier");
  await click(the("button", "More for leaf1 eth3"));
  await click(the("menuitem", "Connect…"));
  await until(() => dialog().includes("Connect two ports"), "the sheet");
  expect(document.querySelectorAll<HTMLSelectElement>("dialog select")[1]?.value).toBe("eth3");
  await press("{Escape}");
  await click(the("button", "More for leaf1 eth3"));
  await click(the("menuitem", "Capture"));
  await until(() => asked(backend, "startCapture") === 1, "the capture");
  expect(lastAsked(backend, "startCapture")).toEqual([{ lab: "dc1", end: "leaf1:eth3" }]);
});

test("a line that is drawn back to its node asks for two ports of it", async () => {
  await drawn("lab");
  const knob = node("leaf1").parentElement?.querySelector<HTMLElement>(".pull") as HTMLElement;
  const [from, to] = [middle(knob), middle(node("leaf1"))];
  const event = (type: string, { x, y }: { x: number; y: number }): MouseEvent => new MouseEvent(type, { clientX: x, clientY: y, bubbles: true, cancelable: true, view: window, button: 0, buttons: 1 });
  knob.dispatchEvent(event("mousedown", from));
  for (const part of [0.3, 0.7, 1]) document.dispatchEvent(event("mousemove", { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }));
  document.dispatchEvent(event("mouseup", to));
  await until(() => dialog().includes("Connect two ports"), "the sheet");
  await settled();
  expect([...document.querySelectorAll<HTMLSelectElement>("dialog select")].map(({ value }) => value)).toEqual(["leaf1", "eth2", "leaf1", "eth3"]);
});

test("where the drawing was moved to, and what the table is searched for, is still there later", async () => {
  const { app } = await drawn("lab");
  const view = (): string => document.querySelector<HTMLElement>(".svelte-flow__viewport")?.style.transform ?? "";
  drawing().focus();
  await press("++");
  await new Promise((done) => setTimeout(done, 400));
  const before = view();
  await show("Table");
  await userEvent.fill(the("input", "Search nodes"), "leaf");
  await until(() => document.querySelectorAll("[role=row] .named").length === 3, "what was found");
  await show("Drawing");
  await until(() => document.querySelectorAll(".drawing .node").length > 0, "the drawing");
  await settled();
  expect(view()).toBe(before);
  app.navigation.show("images");
  await settled();
  app.navigation.show("labs");
  await until(() => document.querySelectorAll(".drawing .node").length > 0, "the drawing again");
  expect(view()).toBe(before);
  await show("Table");
  expect(document.querySelectorAll("[role=row] .named")).toHaveLength(3);
});

test("consoles of very many nodes are asked about", async () => {
  const { backend } = await drawn("lab-20");
  drawing().focus();
  await press("{Control>}a{/Control}");
  await click(the("button", "Console"));
  expect(dialog()).toContain("Each of them gets a tab of its own");
  expect(asked(backend, "openTerminal")).toBe(0);
  await press("{Escape}");
  await click(the("button", "Console"));
  await press("{Tab}{Enter}");
  await until(() => asked(backend, "openTerminal") > 10, "the consoles");
});
