import { expect, test } from "vitest";
import { active, chosen, drawing, drawn, items, press } from "./lab";
import { Line } from "./labline";
import { lastAsked, text, until } from "./show";

test("a lab is drawn by keyboard alone: nodes are chosen, added, joined and removed, and a console is opened", async () => {
  const { backend } = await drawn("lab");
  drawing().focus();
  await press("{Home}{ArrowDown} {Shift>}{ArrowRight}{/Shift}");
  expect([active(), chosen().sort()]).toEqual(["leaf2", ["leaf1", "leaf2"]]);
  await press("{Escape}");

  await press("{Insert}");
  expect(text()).toContain("Add a node");
  await press("leaf9{Enter}");
  await until(() => document.getElementById("drawn-leaf9") !== null, "the new node");
  expect((lastAsked(backend, "editLab") as unknown[])[2]).toMatchObject({ type: "add_node", name: "leaf9" });
  await until(() => document.activeElement === drawing(), "the focus");
  expect(chosen()).toEqual(["leaf9"]);
  await press("{Escape}{Home}{ArrowDown}{Shift>}{F10}{/Shift}");
  expect(items()).toContain("Connect…");
  await press("c");
  while (document.activeElement?.textContent?.trim() !== "Connect…") await press("c");
  await press("{Enter}");
  expect(text()).toContain("Connect two ports");
  while (document.activeElement?.textContent?.trim() !== "Connect") await press("{Tab}");
  await press("{Enter}");
  await until(() => document.querySelector("dialog") === null, "the link");
  expect((lastAsked(backend, "editLab") as unknown[])[2]).toMatchObject({ type: "add_link" });

  drawing().focus();
  await press("{Escape}{Home}{Delete}");
  expect(text()).toContain("Remove 1 node from the file");
  await press("{Tab}{Enter}");
  await until(() => document.querySelector("dialog") === null, "the removal");
  expect((lastAsked(backend, "editLab") as unknown[])[2]).toEqual({ type: "delete", nodes: ["spine1"], links: [] });

  drawing().focus();
  await press("{Escape}{Home}{ArrowDown}{Shift>}{F10}{/Shift}{Enter}");
  await until(() => document.querySelector(".xterm.focus") !== null, "the console");
  await press("{F6}{Delete}");
  await until(() => document.activeElement === drawing(), "the drawing again");
});

test("where nothing is chosen the menu key shows what can be done with the whole drawing", async () => {
  await drawn("lab");
  drawing().focus();
  await press("{Shift>}{F10}{/Shift}");
  expect(items()).toEqual(["Add a node…", "Select all", "Show all", "Lay out again"]);
});

test("a capture that is closed by keyboard asks, and gives the focus back to what is left", async () => {
  const { backend } = await drawn("lab");
  await (await Line.find("leaf1:eth1", "host1:eth1")).menu();
  await until(() => items().length > 0, "the menu");
  await press("{ArrowDown}{ArrowDown}{ArrowDown}{Enter}");
  await until(() => text().includes("42 packets"), "the packets");
  await press("{F6}{Delete}");
  expect(text()).toContain("42 packets of it are not saved");
  await press("{Escape}");
  expect([text().includes("not saved"), document.activeElement?.getAttribute("role")]).toEqual([false, "tab"]);
  await press("{Delete}{Tab}{Tab}{Enter}");
  await until(() => document.querySelector("[role=tab]") === null, "the end of it");
  expect([lastAsked(backend, "saveCapture"), lastAsked(backend, "dropCapture")]).toEqual([[1], [1]]);
  await until(() => document.activeElement === drawing(), "the drawing");
});
