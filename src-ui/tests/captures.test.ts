import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { findings } from "./findings";
import { press, showDock, untilScreen, type Shown } from "./dock";
import { lastAsked, settled, text, the, until } from "./screen";

const FAILURE = { code: "link_capture_ended", message: "the capture of leaf1:eth49 in lab dc1 ended", chain: ["no such end"], hints: ["Start the node, and listen again."] };

const grid = (): HTMLElement => the("grid", "Packets of leaf1:eth49");
const rows = (): string[] => [...grid().querySelectorAll<HTMLElement>("[role=row]")].slice(1).map((row) => row.innerText.replace(/\s+/g, " "));
const atEnd = (): boolean => grid().scrollTop + grid().clientHeight >= grid().scrollHeight - 4;

/** A capture of leaf1's first uplink, which has its first packets. */
async function capture(theme: "light" | "dark" = "light"): Promise<Shown> {
  const shown = await showDock(theme);
  shown.dock.height = 320;
  shown.dock.capture("dc1", "leaf1:eth49");
  await until(() => text().includes("42 packets"), "the first packets");
  return shown;
}

test("packets are listed as they come, with time, ends, protocol, length and summary, and the end is followed", async () => {
  const { backend } = await capture();
  expect(lastAsked(backend, "startCapture")).toEqual([{ lab: "dc1", end: "leaf1:eth49" }]);
  await until(atEnd, "the end");
  expect(rows().at(-1)).toBe("10.303997 ← received 10.0.12.0 224.0.0.5 OSPF 82 Hello, router 10.0.0.1, area 0.0.0.0");
  backend.advance(2600);
  await until(() => text().includes("52 packets · 6.67 KiB"), "more packets");
  await until(atEnd, "the end");
  expect(rows().at(-1)).toContain("10.0.12.0 224.0.0.5 OSPF 82");
});

test("who scrolls up is left in peace, also when the oldest packets go, until the end is followed again", async () => {
  const { backend } = await capture();
  backend.terminals.pass(1, 9000);
  await until(() => text().includes("9,042 packets"), "many packets");
  await until(atEnd, "the end");
  expect(grid().querySelectorAll("[role=row]").length).toBeLessThan(60);
  grid().scrollTop -= 2400;
  await until(() => text().includes("Follow"), "the button");
  const first = (): string | undefined => [...grid().querySelectorAll<HTMLElement>(".row")].find((row) => row.getBoundingClientRect().top >= grid().getBoundingClientRect().top + 25)?.innerText;
  const read = first();
  for (let turn = 0; turn < 5; turn += 1) {
    backend.terminals.pass(1, 1000);
    await settled();
    await settled();
  }
  expect([first(), text().includes("14,042 packets, the last 10,000 here")]).toEqual([read, true]);
  await userEvent.click(the("button", "Follow"));
  await until(atEnd, "the end");
  backend.terminals.pass(1, 3);
  await settled();
  await settled();
  expect([atEnd(), text().includes("Follow")]).toEqual([true, false]);
});

test("a capture is filtered, walked through and copied by keyboard, and left as it was by another view", async () => {
  const { backend, dock } = await capture();
  expect(document.activeElement).toBe(grid());
  await press("{Control>}{Shift>}F{/Shift}{/Control}lldp");
  expect(text()).toContain("4 of 42 packets");
  await press("{Enter}{Home}{ArrowDown}");
  const chosen = (): string => document.getElementById(grid().getAttribute("aria-activedescendant") ?? "")?.innerText.replace(/\s+/g, " ") ?? "";
  expect(chosen()).toContain("4.021072 → sent 00:1c:73:4a:00:01 01:80:c2:00:00:0e LLDP 208");
  await press("{Control>}c{/Control}");
  expect(lastAsked(backend, "copy")).toEqual(["17\t4.021072\tsent\t00:1c:73:4a:00:01\t01:80:c2:00:00:0e\tLLDP\t208\tleaf1, Ethernet49, TTL 120"]);
  dock.open("dc1", "leaf1", "console");
  await untilScreen("leaf1#");
  backend.advance(5000);
  await press("{Control>}{PageUp}{/Control}");
  await until(() => text().includes("6 of 61 packets"), "what passed meanwhile");
  expect([chosen().includes("4.021072"), (the("input", "Filter") as HTMLInputElement).value]).toEqual([true, "lldp"]);
});

test("it is stopped, saved, opened in Wireshark, and begun once more beside it", async () => {
  const { backend, dock } = await capture();
  await userEvent.click(the("button", "Save…"));
  await userEvent.click(the("button", "Open in Wireshark"));
  expect([lastAsked(backend, "saveCapture"), lastAsked(backend, "openCapture")]).toEqual([[1], [1]]);
  await userEvent.click(the("button", "Stop"));
  await until(() => text().includes("ended"), "the end");
  backend.advance(5000);
  await settled();
  expect(text()).toContain("42 packets");
  await userEvent.click(the("button", "Listen again"));
  await until(() => dock.tabs.length === 2, "another capture");
  expect(dock.active?.title).toBe("leaf1:eth49 · capture 2");
  await until(() => text().includes("42 packets"), "its packets");
  await press("{F6}{Delete}");
  expect(text()).toContain("It listens still; closing ends it.");
  await userEvent.click(the("button", "Throw away"));
  await settled();
  expect([lastAsked(backend, "dropCapture"), document.activeElement?.textContent?.includes("leaf1:eth49 · capture")]).toEqual([[2], true]);
  await press("{Delete}");
  expect([lastAsked(backend, "dropCapture"), dock.tabs]).toEqual([[1], []]);
});

test("that Wireshark is not there is told, and that a capture broke off, too", async () => {
  const { app, backend } = await capture();
  backend.failures.set("openCapture", { code: "wireshark_missing", message: "Wireshark is not installed", chain: [], hints: [] });
  await userEvent.click(the("button", "Open in Wireshark"));
  await until(() => app.failure?.code === "wireshark_missing", "the failure");
  backend.terminals.fail(1, FAILURE);
  await until(() => text().includes("because no such end"), "why");
  expect([rows().length > 3, text().includes("Start the node, and listen again.")]).toEqual([true, true]);
});

test.each(["light", "dark"] as const)("a capture in %s keeps nobody out", async (theme) => {
  const { backend } = await capture(theme);
  await press("{End}");
  expect(await findings()).toEqual([]);
  backend.terminals.fail(1, FAILURE);
  await settled();
  expect(await findings()).toEqual([]);
});
