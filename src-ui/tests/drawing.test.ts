import { expect, test } from "vitest";
import { page as browser, userEvent } from "vitest/browser";
import { active, chosen, click, drawing, drawn, items, middle, node, panel, press } from "./lab";
import { Line, words } from "./labline";
import { lastAsked, settled, text, the, until } from "./show";

const asked = (backend: { asked: { name: string }[] }, name: string): number => backend.asked.filter((question) => question.name === name).length;

/** Moves the pointer, pressed, from one place to another. */
function drag(from: HTMLElement, by: { x: number; y: number }, target: EventTarget = window): void {
  const start = middle(from);
  const event = (type: string, x: number, y: number): MouseEvent => new MouseEvent(type, { clientX: x, clientY: y, bubbles: true, cancelable: true, view: window, button: 0, buttons: 1 });
  from.dispatchEvent(event("mousedown", start.x, start.y));
  for (const part of [0.05, 0.6, 1]) target.dispatchEvent(event("mousemove", start.x + by.x * part, start.y + by.y * part));
  target.dispatchEvent(event("mouseup", start.x + by.x, start.y + by.y));
}

test("nodes are drawn with what they are, and links with both ports and how they stand", async () => {
  await drawn("lab");
  expect(document.querySelectorAll(".drawing .node")).toHaveLength(7);
  expect(node("leaf1").textContent?.replace(/\s+/g, " ").trim()).toBe("aE leaf1, Arista cEOS, ready");
  for (const leaf of [1, 2, 3]) {
    const line = await Line.find(`spine1:eth${leaf}`, `leaf${leaf}:eth49`);
    expect([line.said, line.colour()]).toEqual([`spine1:eth${leaf} – leaf${leaf}:eth49, up`, "ok"]);
  }
  await until(() => words().filter((name) => name === "eth49").length === 3, "the names of ports");
  const [spine, leaf, host] = ["spine1", "leaf1", "host1"].map((name) => node(name).getBoundingClientRect().top) as [number, number, number];
  expect(spine < leaf && leaf < host).toBe(true);
});

test("a node shows what it does now, and for how long, and is ready when it is", async () => {
  const { app, backend } = await drawn("lab-booting");
  const state = (name: string): string => node(name).querySelector<HTMLElement>(".words")?.innerText ?? "";
  expect([state("leaf2"), state("leaf3"), state("host2")]).toEqual(["agents, 41 s", "platform, 4 s", "waits, 50 s"]);
  expect((await Line.find("spine2:eth2", "leaf2:eth50")).colour()).toBe("run");
  expect((await Line.find("spine1:eth1", "leaf1:eth49")).colour()).toBe("ok");
  backend.advance(4000);
  app.clock.tick();
  await until(() => state("leaf2").endsWith("agents, 45 s"), "the time");
  await until(() => /agents, \d s$/.test(state("leaf3")), "the next stage");
});

test("the panel of a node has its facts, its steps with their times, and its last lines", async () => {
  await drawn("lab-booting");
  await click(node("leaf2"));
  expect(panel()).toContain("Kind Arista cEOS Image ceos:4.34.2F present Container clab-dc1-leaf2 Address 172.20.20.5");
  expect(panel()).toMatch(/Platform , succeeded 7\.3 s .*gents , running 41 s waiting for its agents and the command line/i);
  expect(panel()).toContain("Skipping VEosLabInit due to platform=ceoslab");
  expect(panel()).toContain("eth50 to spine2 eth2 waiting");
});

test("a node that failed says at which step, why, and what to do", async () => {
  await drawn("lab-failed");
  await click(node("leaf2"));
  expect(panel()).toContain("leaf2 failed at platform because EOS took itself for hardware, because its interfaces came too late Restart the node; its interfaces are there now.");
  expect(panel()).toContain("modprobe rbfd: no such device");
});

test("one is chosen by a click, more with Control or Shift, all with Control and A, none beside them", async () => {
  const { backend } = await drawn("lab");
  await click(node("leaf1"));
  expect(chosen()).toEqual(["leaf1"]);
  await userEvent.keyboard("{Control>}");
  await click(node("leaf2"));
  await userEvent.keyboard("{/Control}{Shift>}");
  await click(node("leaf3"));
  await userEvent.keyboard("{/Shift}");
  expect(chosen()).toEqual(["leaf1", "leaf2", "leaf3"]);
  expect(panel()).toContain("3 nodes");
  await click(the("button", "Restart"));
  expect(lastAsked(backend, "powerLab")).toEqual([{ lab: "dc1", nodes: ["leaf1", "leaf2", "leaf3"], action: "restart" }]);
  drawing().focus();
  await press("{Control>}a{/Control}");
  expect(chosen()).toHaveLength(7);
  await press("{Escape}");
  expect(chosen()).toEqual([]);
});

test("arrow keys go along the drawing, Space chooses, and Enter opens what is known", async () => {
  await drawn("lab");
  drawing().focus();
  await press("{ArrowDown}");
  expect(active()).toBe("spine1");
  await press("{ArrowRight}");
  expect(active()).toBe("spine2");
  await press("{ArrowDown}{ArrowRight}{ArrowDown}");
  expect(active()).toBe("host2");
  expect(chosen()).toEqual([]);
  await press(" ");
  await press("{Shift>}{ArrowUp}{/Shift}");
  expect(chosen().sort()).toEqual(["host2", "leaf3"]);
  await press(" ");
  expect(chosen()).toEqual(["host2"]);
  await press("{Enter}");
  expect([document.activeElement?.getAttribute("aria-label"), chosen()]).toEqual(["leaf3", ["leaf3"]]);
  await press("{Escape}");
  expect(document.activeElement).toBe(drawing());
  await press("{Home}");
  expect(active()).toBe("spine1");
});

test("the menu of a node is opened by keyboard, and does what it says", async () => {
  const { backend } = await drawn("lab");
  drawing().focus();
  await press("{Home}{Shift>}{F10}{/Shift}");
  expect(items()).toEqual(["Console", "Shell", "Logs", "Restart", "Stop", "Run a command…", "Save configuration", "Connect…", "Rename…", "Remove from the file…"]);
  await press("{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{Enter}");
  expect(lastAsked(backend, "powerLab")).toEqual([{ lab: "dc1", nodes: ["spine1"], action: "stop" }]);
  expect(document.activeElement).toBe(drawing());
  backend.advance(3000);
  await until(() => node("spine1").innerText.includes("stopped"), "the stop");
  await click(node("spine1"), "right");
  expect(items()).toContain("Start");
});

test("what is missing cannot be started, and another tool's lab only be looked at", async () => {
  await drawn("lab-missing");
  await click(node("r1"), "right");
  expect(items()).toEqual(["Connect…", "Rename…", "Remove from the file…"]);
  await press("{Escape}");
  const { backend } = await drawn("lab-foreign");
  await click(node("rs1"), "right");
  expect(items()).toEqual(["Console", "Shell", "Logs", "Run a command…"]);
  expect(document.querySelector(".drawing .pull")).toBeNull();
  expect(asked(backend, "watchTraffic")).toBe(0);
});

test("a link is set down and up, disconnected and captured from its menu", async () => {
  const { backend } = await drawn("lab");
  const line = await Line.find("leaf1:eth1", "host1:eth1");
  await line.menu();
  expect(items()).toEqual(["Set down", "Impair…", "Disconnect", "Capture at leaf1:eth1", "Capture at host1:eth1", "Remove from the file…"]);
  await click(the("menuitem", "Set down"));
  expect(lastAsked(backend, "changeLink")).toEqual(["dc1", { type: "set", end: "leaf1:eth1", up: false }]);
  await until(() => words().includes("down"), "the link down");
  await line.menu();
  await click(the("menuitem", "Set up"));
  await until(() => !words().includes("down"), "the link up");
  await line.menu();
  await click(the("menuitem", "Capture at host1:eth1"));
  await until(() => asked(backend, "startCapture") === 1, "the capture");
  expect(lastAsked(backend, "startCapture")).toEqual([{ lab: "dc1", end: "host1:eth1" }]);
});

test("what is said of a line is what it is now, and only as long as the pointer is on it", async () => {
  const { backend } = await drawn("lab");
  const title = (): string | null => (document.querySelector(".drawing") as HTMLElement).getAttribute("title");
  await (await Line.find("leaf1:eth1", "host1:eth1")).click();
  await Line.find("leaf1:eth1", "host1:eth1");
  // The pointer stays where it is.
  the("button", "Set down").click();
  await until(() => title() === "leaf1:eth1 – host1:eth1, down", "what is said now");
  expect(asked(backend, "changeLink")).toBe(1);
  drawing().dispatchEvent(new PointerEvent("pointerleave"));
  await settled();
  expect(title()).toBeNull();
});

test("a link is impaired one way or both, what is wrong is said, and it shows", async () => {
  const { backend } = await drawn("lab");
  await (await Line.find("leaf1:eth1", "host1:eth1")).click();
  expect(panel()).toContain("leaf1 – host1 up");
  expect(panel()).toContain("Sends 31.0 Mbit/s Receives 1.24 Gbit/s");
  const field = (name: string): HTMLInputElement => document.querySelector<HTMLInputElement>(`aside input[id$="-${name}"]`) as HTMLInputElement;
  await userEvent.type(field("jitter"), "3");
  expect(panel()).toContain("The delay cannot vary by more than itself");
  await userEvent.type(field("delay"), "20{Enter}");
  await until(() => asked(backend, "changeLink") === 2, "both ways");
  expect(lastAsked(backend, "changeLink")).toEqual(["dc1", { type: "impair", end: "host1:eth1", impairments: { delay_us: 20_000, jitter_us: 3000, loss_ppm: 0, corruption_ppm: 0, rate_bps: 0 } }]);
  await until(() => words().includes("20 ms ± 3 ms"), "the impairment");
  await userEvent.click(the("label", "To leaf1"));
  await click(the("button", "Clear"));
  await until(() => asked(backend, "changeLink") === 3, "one way");
  expect(lastAsked(backend, "changeLink")).toMatchObject(["dc1", { end: "leaf1:eth1", impairments: { delay_us: 0 } }]);
});

test("traffic is measured only while the lab is looked at, and stands at its links", async () => {
  const { app, backend } = await drawn("lab");
  await until(() => words().includes("1.24 Gbit/s"), "the traffic");
  expect(lastAsked(backend, "watchTraffic")).toEqual([true]);
  const busy = await Line.find("leaf1:eth1", "host1:eth1");
  const idle = await Line.find("spine2:eth2", "leaf2:eth50");
  expect(busy.thickness()).toBeGreaterThan(idle.thickness() + 1);
  app.navigation.show("images");
  await settled();
  expect(lastAsked(backend, "watchTraffic")).toEqual([false]);
});

test("a node that is dragged stays where it was put, and is laid out again when that is wanted", async () => {
  const { backend } = await drawn("lab");
  const before = middle(node("leaf2"));
  drag(node("leaf2"), { x: 40, y: 90 });
  await until(() => asked(backend, "placeNodes") === 1, "its place");
  const [file, positions] = lastAsked(backend, "placeNodes") as [string, { node: string }[]];
  expect([file, positions.map((position) => position.node)]).toEqual(["/home/ada/labs/dc1/dc1.clab.yml", ["spine1", "spine2", "leaf1", "leaf2", "leaf3", "host1", "host2"]]);
  await settled();
  const after = middle(node("leaf2"));
  // The first movement of the pointer only begins to drag.
  expect([Math.abs(after.x - before.x - 40) < 6, Math.abs(after.y - before.y - 90) < 6, after, before]).toEqual([true, true, after, before]);
  await click(the("button", "Lay out again"));
  await until(() => asked(backend, "placeNodes") === 2 && Math.abs(middle(node("leaf2")).y - before.y) < 6, "the layout");
});

test("two nodes are joined at free ports, in the lab and in its file", async () => {
  const { backend } = await drawn("lab");
  await click(node("leaf1"), "right");
  await click(the("menuitem", "Connect…"));
  await until(() => text().includes("Connect two ports"), "the sheet");
  const [, port, other] = [...document.querySelectorAll<HTMLSelectElement>("dialog select")] as [HTMLSelectElement, HTMLSelectElement, HTMLSelectElement];
  expect([...port.options].map((option) => option.text)).toEqual(["eth2, free", "eth3, free", "other port…"]);
  await userEvent.selectOptions(other, "host1");
  await settled();
  expect(text()).toContain("they are joined at once");
  await click(the("button", "Connect"));
  await until(() => asked(backend, "changeLink") === 1, "the connection");
  expect(lastAsked(backend, "changeLink")).toEqual(["dc1", { type: "connect", ends: ["leaf1:eth2", "host1:eth2"] }]);
  expect((lastAsked(backend, "editLab") as unknown[])[2]).toEqual({ type: "add_link", ends: ["leaf1:eth2", "host1:eth2"] });
});

test("what is chosen is removed from the file when that is confirmed", async () => {
  const { backend } = await drawn("lab");
  await click(node("leaf1"));
  drawing().focus();
  await press("{Delete}");
  expect(text()).toContain("Its 3 links go too");
  await press("{Tab}{Enter}");
  await until(() => asked(backend, "editLab") === 1, "the edit");
  expect((lastAsked(backend, "editLab") as unknown[])[2]).toEqual({ type: "delete", nodes: ["leaf1"], links: [] });
  await until(() => asked(backend, "writeLab") === 1, "the file");
});

test("a node is added and renamed, in the file", async () => {
  const { backend } = await drawn("lab");
  const pane = document.querySelector<HTMLElement>(".svelte-flow__pane") as HTMLElement;
  pane.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, clientX: 300, clientY: 300 }));
  await settled();
  await click(the("menuitem", "Add a node…"));
  const name = document.querySelector("dialog input") as HTMLInputElement;
  expect(name.value).toBe("host3");
  await userEvent.clear(name);
  await userEvent.type(name, "leaf1");
  expect(text()).toContain("There is a node leaf1 already");
  await userEvent.type(name, "0{Enter}");
  await until(() => asked(backend, "editLab") === 1, "the new node");
  expect((lastAsked(backend, "editLab") as unknown[])[2]).toEqual({ type: "add_node", name: "leaf10", kind: "linux", image: "" });
  drawing().focus();
  await press("{Home}{F2}");
  await press("core1{Enter}");
  await until(() => asked(backend, "editLab") === 2, "the new name");
  expect((lastAsked(backend, "editLab") as unknown[])[2]).toEqual({ type: "rename_node", from: "spine1", to: "core1" });
});

test("the table has the same nodes and links, and the same can be done there without a mouse", async () => {
  const { backend } = await drawn("lab-booting");
  await userEvent.click(the("label", "Table"));
  await settled();
  const grid = the("grid", "Nodes");
  expect([...grid.querySelectorAll("[aria-rowindex='5'] [role=gridcell]")].map((cell) => (cell as HTMLElement).innerText.replace(/\s+/g, " "))).toEqual(["aE leaf2", "agents, 41 s", "Arista cEOS", "ceos:4.34.2F", "172.20.20.5", "1 of 2 up"]);
  grid.focus();
  await press("{ArrowDown}{ArrowDown} ");
  await press("{ArrowDown} ");
  expect([...grid.querySelectorAll("[aria-selected=true]")]).toHaveLength(2);
  await press("{Shift>}{F10}{/Shift}");
  await click(the("menuitem", "Stop"));
  expect(lastAsked(backend, "powerLab")).toEqual([{ lab: "dc1", nodes: ["spine2", "leaf1"], action: "stop" }]);
  await userEvent.click(the("label", "links"));
  await settled();
  const links = the("grid", "Links");
  links.focus();
  await press("{End}{Enter}");
  expect(panel()).toContain("leaf3 – host2 waiting");
  expect(document.activeElement?.tagName).toBe("ASIDE");
});

test("mistakes lead to the file, which stands beside the drawing and marks what is chosen there", async () => {
  await drawn("lab-mistakes");
  await click(the("button", "2 mistakes"));
  await until(() => document.querySelector(".cm-content") !== null, "the editor");
  await drawn("lab");
  await userEvent.click(the("label", "File"));
  await until(() => document.querySelector(".cm-content") !== null, "the editor");
  await click(node("leaf2"));
  await until(() => document.querySelector(".cm-chosen") !== null, "the lines of the node");
});

test("in a lab of 200 nodes names stand at what is near, and the keys bring the rest into sight", async () => {
  await drawn("lab-200");
  await settled();
  expect(words()).toHaveLength(0);
  drawing().focus();
  await press("{Home}+++++++++++");
  await until(() => words().length > 0 && words().length < 200, "the names nearby");
  await press("{End}");
  await until(() => active() === "p16-leaf8" && document.getElementById("drawn-p16-leaf8") !== null, "the last node");
  const box = node("p16-leaf8").getBoundingClientRect();
  const around = drawing().getBoundingClientRect();
  expect(box.left >= around.left && box.right <= around.right && box.bottom <= around.bottom).toBe(true);
});

test("in a small window nothing of a lab sticks out", async () => {
  await browser.viewport(900, 600);
  for (const world of ["lab-failed", "lab-booting", "lab-foreign"]) {
    await drawn(world);
    const out = [...document.querySelectorAll<HTMLElement>("button, h1, aside")].filter((element) => {
      const { width, left, right } = element.getBoundingClientRect();
      return width > 1 && (right > 901 || left < -1);
    });
    expect(out.map((element) => element.outerHTML.slice(0, 120))).toEqual([]);
  }
  await browser.viewport(1280, 800);
});
