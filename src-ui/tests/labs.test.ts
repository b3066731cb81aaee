import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { click, drawn, items, node, panel, press } from "./lab";
import { lastAsked, settled, show, text, the, until } from "./show";

const row = (name: string): HTMLElement => {
  const found = [...document.querySelectorAll<HTMLElement>("[aria-label=Labs] > li")].find((line) => line.querySelector(".name")?.textContent === name);
  if (!found) throw new Error(`${name} is not listed; on the screen: ${text()}`);
  return found;
};
const said = (name: string): string => row(name).innerText.replace(/\s+/g, " ");

async function list(world = "labs"): ReturnType<typeof show> {
  const shown = await show(world);
  shown.app.navigation.show("labs");
  await settled();
  return shown;
}

test("the list says of each lab what stands, what runs, and what is wrong with it", async () => {
  await list();
  expect(said("dc1")).toContain("4 ready, 2 booting, 1 stopped");
  expect(said("dc1")).toContain("Deploy · leaf2: agents · waiting for its agents");
  expect(said("campus")).toContain("2 mistakes");
  expect(said("ixp")).toContain("ada, look only");
  expect(said("srv6-demo")).toContain("file is gone");
  expect(said("edge")).toContain("5 nodes, not deployed");
  expect(said("frr01")).toContain("Deploy · done in 21 s");
});

test("what can be done with a lab stands beside it, and another tool's can only be looked at", async () => {
  const { backend } = await list();
  const buttons = (name: string): string[] => [...row(name).querySelectorAll(".actions .small")].map((button) => button.textContent?.trim() ?? "");
  expect([buttons("dc1"), buttons("frr01"), buttons("evpn-lab"), buttons("edge"), buttons("ixp"), buttons("campus")]).toEqual([["Cancel"], ["Stop"], ["Start", "Stop"], ["Start"], [], []]);
  await click(the("button", "Stop frr01"));
  expect(lastAsked(backend, "powerLab")).toEqual([{ lab: "frr01", nodes: [], action: "stop" }]);
  await click(the("button", "Cancel Deploy dc1"));
  await until(() => buttons("dc1").includes("Start"), "the end of the job");
});

test("a lab that nothing stops from starting starts, without a question", async () => {
  const { backend } = await list();
  await click(the("button", "Start edge"));
  expect(lastAsked(backend, "deployLab")).toMatchObject([{ file: "/home/ada/labs/edge/edge.clab.yml", pull: false, anew: false }]);
});

test("the list is walked, opened and left without a mouse", async () => {
  const { app, backend } = await list();
  const name = (): string | undefined => (document.activeElement as HTMLElement).querySelector<HTMLElement>(".name")?.innerText;
  await press("/");
  await press("frr{ArrowDown}");
  expect(name()).toBe("frr01");
  await press("{Enter}");
  expect(lastAsked(backend, "openLab")).toEqual(["/home/ada/labs/frr01/frr01.clab.yml"]);
  await until(() => document.querySelector("h1")?.textContent === "frr01", "the lab");
  await click(the("button", "All labs"));
  expect(lastAsked(backend, "closeLab")).toEqual([]);
  expect(app.labs.key).toBeNull();
  expect(document.querySelector("h1")?.textContent).toBe("Labs");
});

test("a lab that is not deployed is taken off the list when that is confirmed", async () => {
  const { backend } = await list();
  (row("wan").querySelector(".open") as HTMLElement).focus();
  await press("{Delete}");
  expect(text()).toContain("Its file stays where it is");
  await press("{Tab}{Enter}");
  expect(lastAsked(backend, "forgetLab")).toEqual(["/home/ada/labs/wan/wan.clab.yml"]);
  await until(() => document.querySelector("dialog") === null, "the end of the question");
  (row("frr01").querySelector(".open") as HTMLElement).focus();
  await press("{Delete}");
  expect(document.querySelector("dialog")).toBeNull();
});

test("a menu is opened, walked and closed by keyboard, and gives the focus back", async () => {
  await list();
  const more = the("button", "More for edge");
  more.focus();
  await press("{Enter}");
  expect(items()).toEqual(["Open", "Show its jobs", "Remove from the list…"]);
  await press("{ArrowDown}{ArrowDown}");
  expect(document.activeElement?.textContent).toContain("Remove");
  await press("{ArrowDown}");
  expect(document.activeElement?.textContent).toContain("Open");
  await press("r");
  expect(document.activeElement?.textContent).toContain("Remove");
  await press("{Escape}");
  expect([items(), document.activeElement]).toEqual([[], more]);
});

test("where there is no lab yet the window says what to do", async () => {
  const { backend } = await list("labs-empty");
  for (const words of ["No labs yet", "Open file…", "Open folder…", "lw lab deploy FILE", "Three routers", "FRRouting with OSPF"]) expect(text()).toContain(words);
  await click(the("button", "Open file…"));
  expect(lastAsked(backend, "chooseLab")).toEqual(["file"]);
});

test("an example becomes a lab that is open", async () => {
  const { app, backend } = await list("labs-empty");
  await click(the("button", "Three routers"));
  expect(lastAsked(backend, "makeExample")).toEqual(["routers"]);
  await until(() => document.querySelector("h1")?.textContent === "routers", "the lab");
  await click(the("button", "All labs"));
  expect(app.labs.key).toBeNull();
  await click(the("button", "Examples"));
  expect(items()).toEqual(["Two hosts", "Three routers", "A fabric"]);
});

test("what runs stands first, then what was opened last, and when is said", async () => {
  await list();
  const names = [...document.querySelectorAll<HTMLElement>("[aria-label=Labs] > li .name")].filter((name) => name.closest(".first")).map((name) => name.innerText);
  expect(names).toEqual(["dc1", "evpn-lab", "frr01", "ixp", "edge", "campus", "wan", "srv6-demo"]);
  expect([said("edge"), said("campus"), said("srv6-demo")].map((words) => /opened (\w+)/.exec(words)?.[1])).toEqual([expect.stringMatching(/^\d/), "yesterday", undefined]);
});

test("a lab that cannot be opened leaves the list, and says why", async () => {
  const { app, backend } = await list();
  backend.failures.set("openLab", { code: "lab_unknown", message: "there is no lab frr01", hints: [], chain: [] });
  await click(row("frr01").querySelector(".open") as HTMLElement);
  await until(() => text().includes("There is no lab frr01"), "the failure");
  expect(app.labs.key).toBeNull();
});

test("the plan says what a deployment would do, and why; applying it does it", async () => {
  const { backend } = await drawn("lab-plan");
  await click(the("button", "Apply…"));
  await until(() => text().includes("Restarted, in a new container"), "the plan");
  for (const words of ["spine2 its ports have changed", "New leaf4", "Untouched spine1 leaf1", "Create volume", "Node host2 names port eth7"]) expect(text()).toContain(words);
  await userEvent.click(document.querySelector("dialog input[type=checkbox]") as HTMLElement);
  await until(() => (lastAsked(backend, "planLab")?.[0] as { anew: boolean }).anew, "another plan");
  await press("{Enter}");
  await until(() => document.querySelector("dialog") === null, "the end of the sheet");
  expect(lastAsked(backend, "deployLab")).toMatchObject([{ anew: true }]);
});

test("what is in the way of a start is shown, and missing images are pulled on the way", async () => {
  const { backend } = await drawn("lab-missing");
  await click(the("button", "Start"));
  await until(() => text().includes("2 things are in the way"), "the obstacles");
  expect(text()).toContain("Image ceos:4.35.1F of nodes r1 and r2 is not in Docker 28.5");
  await click(the("button", "Pull missing images"));
  await until(() => text().includes("Images that are brought first"), "the other plan");
  await click([...document.querySelectorAll<HTMLElement>("dialog button.main")][0] as HTMLElement);
  expect(lastAsked(backend, "deployLab")).toMatchObject([{ pull: true }]);
});

test("destroying says what goes, and keeps the state if that is wanted", async () => {
  const { backend } = await drawn("lab-destroy");
  await click(the("button", "Destroy…"));
  for (const words of ["7 containers", "clab-dc1-spine1", "8 links", "The file stays"]) expect(text()).toContain(words);
  await userEvent.click(document.querySelector("dialog input[type=checkbox]") as HTMLElement);
  expect(text()).toContain("the next deployment goes on with it");
  await press("{Enter}");
  await until(() => document.querySelector("dialog") === null, "the end of the sheet");
  expect(lastAsked(backend, "destroyLab")).toEqual(["dc1", true]);
  for (let second = 0; second < 3; second += 1) backend.advance(1000);
  await until(() => text().includes("not deployed"), "the end of the lab");
});

test("saved configurations are said to be where they are, and written into a folder when that is wanted", async () => {
  const { backend } = await drawn("lab");
  await click(the("button", "Save configs"));
  expect(lastAsked(backend, "saveLab")).toEqual(["dc1", []]);
  await until(() => text().includes("5 configurations saved, 58.1 KiB, each in its node's volume"), "what was saved");
  expect(document.querySelector<HTMLElement>(".note .text")?.title).toContain("leaf1: 11.6 KiB in /mnt/flash/startup-config, volume labwright-dc1-leaf1-flash");

  backend.files.add("leaf1.cfg");
  await click(the("button", "Save into a folder…"));
  const all = ["spine1", "spine2", "leaf1", "leaf2", "leaf3"];
  expect(lastAsked(backend, "saveLabInto")).toEqual(["dc1", all, null]);
  await until(() => text().includes("leaf1.cfg is in ~/configs already: nothing was written"), "the question");
  await click(the("button", "Replace it"));
  expect(lastAsked(backend, "saveLabInto")).toEqual(["dc1", all, "/home/ada/configs"]);
  await until(() => text().includes("5 files written into ~/configs"), "the files");
  await click([...document.querySelectorAll<HTMLElement>(".note button")].find((button) => button.innerText === "Close") as HTMLElement);
  expect(text()).not.toContain("written into");
});

test("links that nobody tells of are not said to be down or missing", async () => {
  await drawn("lab-foreign");
  expect(panel()).toMatch(/5 links held by containerlab, which does not tell/);
  expect(panel()).not.toContain("Links that are not up");
  await userEvent.click(the("label", "Table"));
  await settled();
  expect(text()).not.toMatch(/0 of \d+ up/);
});

test("a command runs in all chosen nodes, tells each outcome, and ends with its sheet", async () => {
  const { backend } = await drawn("lab");
  await click(node("leaf1"));
  await press("{Control>}a{/Control}");
  await click(node("leaf1"), "right");
  await click([...document.querySelectorAll<HTMLElement>("[role=menuitem]")].find((item) => item.innerText.includes("Run a command…")) as HTMLElement);
  await press("uname -a{Enter}");
  expect(lastAsked(backend, "runInNodes")).toMatchObject([{ lab: "dc1", command: "uname -a" }]);
  expect(text()).toContain("0 of 7 ended");
  backend.advance(500);
  await until(() => text().includes("7 of 7 nodes without an error"), "the outcomes");
  expect(text()).toContain("leaf1: uname -a");
  await click(document.querySelector("dialog input") as HTMLElement);
  await press("{Control>}a{/Control}sleep 100{Enter}");
  await until(() => text().includes("0 of 7 ended"), "the next run");
  expect(backend.runs.open.size).toBe(1);
  await press("{Escape}");
  expect([backend.runs.open.size, document.querySelector("dialog")]).toEqual([0, null]);
});

test("a deployment that failed says so above the drawing, until that is closed", async () => {
  await drawn("lab-failed");
  expect(text()).toContain("Node leaf2 of lab dc1 failed: EOS took itself for hardware");
  await click([...document.querySelectorAll<HTMLElement>(".note button")].at(-1) as HTMLElement);
  expect(text()).not.toContain("Node leaf2 of lab dc1 failed");
});

test("what the patchbay does not tell is said, and nodes are shown all the same", async () => {
  await drawn("lab-unread");
  expect(text()).toContain("The patchbay of lab dc1 does not answer");
  expect(text()).toContain("leaf1");
});

test("the overview has the images, with what is missing and what is on its way", async () => {
  const { backend } = await drawn("lab-missing");
  expect(panel()).toMatch(/ceos:4\.35\.1F .*missing Pull Import… .*srlinux:24\.10 pulling \d+ %/);
  await click([...document.querySelectorAll<HTMLElement>("aside button")].find((button) => button.textContent === "Pull") as HTMLElement);
  expect(lastAsked(backend, "pull")).toEqual([{ reference: "ceos:4.35.1F", platform: null }]);
  backend.advance(500);
  await until(() => /ceos:4\.35\.1F pulling/.test(panel()), "the pull");
});

test("the page of a lab is as it was when the user comes back to it", async () => {
  const { app } = await drawn("lab");
  await userEvent.click(the("label", "Table"));
  await settled();
  app.navigation.show("images");
  await settled();
  app.navigation.show("labs");
  await until(() => document.querySelector("[role=grid][aria-label=Nodes]") !== null, "the table");
});

test("the jobs of a lab are found in Activity, from its row and from its menu", async () => {
  const { app } = await list();
  await click(row("frr01").querySelector(".said") as HTMLElement);
  expect([app.navigation.view, text().includes("Deploy frr01 on Docker 28.5")]).toEqual(["activity", true]);
  app.navigation.show("labs");
  await settled();
  await click(the("button", "More for frr01"));
  await click(the("menuitem", "Show its jobs"));
  await until(() => (the("input", "Search jobs") as HTMLInputElement).value === "frr01", "the search");
  expect([...document.querySelectorAll("[role=option]")].every((job) => job.textContent?.includes("frr01"))).toBe(true);
});
