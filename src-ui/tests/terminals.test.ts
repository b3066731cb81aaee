import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import type { FakeBackend } from "../src/backend/fake/backend";
import { findings } from "./findings";
import { press, screen, showDock, untilScreen, type Shown } from "./dock";
import { lastAsked, settled, text, the, until } from "./screen";

const FIRST = "2026-11-21T11:00:00Z";
const AGAIN = "2026-11-21T12:06:00Z";

const inTerminal = (): boolean => document.activeElement?.classList.contains("xterm-helper-textarea") ?? false;
const focused = (): string => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim() ?? "";
const asked = (backend: FakeBackend, name: string): unknown[][] => backend.asked.filter((question) => question.name === name).map(({ given }) => given);
const typed = (backend: FakeBackend): string => asked(backend, "typeInto").map(([, letters]) => letters).join("");

/** A dock with a console of leaf1, where the focus is. */
async function console(theme: "light" | "dark" = "light"): Promise<Shown> {
  const shown = await showDock(theme);
  shown.dock.height = 260;
  shown.dock.open("dc1", "leaf1", "console");
  await untilScreen("leaf1#");
  return shown;
}

/** leaf1 of dc1 is told to stand so since then, and what is open of it ends if it did not. */
async function stand({ dock, backend }: Shown, before: string, since: string): Promise<void> {
  backend.terminals.nodesChanged({ name: "dc1", nodes: [{ name: "leaf1", since: before }] }, { name: "dc1", nodes: [{ name: "leaf1", since }] });
  dock.nodes({ name: "dc1", known: true, nodes: [{ name: "leaf1", since, standing: since ? "ready" : "stopped" }] });
  await settled();
}

test("what is typed is echoed, and its answer comes", async () => {
  const { backend } = await console();
  expect(inTerminal()).toBe(true);
  await press("show bgp summary{Enter}");
  await untilScreen("10.0.0.2  4  65100");
  expect(screen()).toContain("leaf1#show bgp summary");
  expect(typed(backend)).toBe("show bgp summary\r");
});

test("a search finds, counts, goes on, and gives the focus back", async () => {
  await console();
  await press("show logging{Enter}");
  await untilScreen("line 400");
  await press("{Control>}{Shift>}F{/Shift}{/Control}");
  expect(focused()).toBe("Search in the terminal");
  await press("line 39");
  await until(() => text().includes("11 of 11"), "the count");
  await press("{Enter}");
  await until(() => text().includes("10 of 11"), "the place before");
  await press("{Shift>}{Enter}{/Shift}");
  await until(() => text().includes("11 of 11"), "the place after");
  await userEvent.fill(document.activeElement as HTMLElement, "line 17");
  await untilScreen("line 179");
  await userEvent.fill(document.activeElement as HTMLElement, "nowhere");
  await until(() => text().includes("not found"), "that there is none");
  await press("{Escape}");
  expect([inTerminal(), document.querySelector("[role=search]")]).toEqual([true, null]);
});

test("nothing is lost by other tabs and views: neither lines nor where they were read", async () => {
  const { dock } = await console();
  await press("show logging{Enter}");
  await untilScreen("line 400");
  await press("{Shift>}{PageUp}{PageUp}{/Shift}");
  const read = screen();
  expect(read).not.toContain("line 400");
  dock.open("dc1", "host1", "shell");
  await untilScreen("/ #");
  await press("{Control>}{PageUp}{/Control}");
  await until(() => screen() === read, "what was read before");
  await userEvent.click(the("button", "Other view"));
  expect(document.querySelector(".xterm")).toBeNull();
  await userEvent.click(the("button", "Other view"));
  await until(() => screen() === read, "what was read before");
  await userEvent.click(the("button", "Follow"));
  await untilScreen("line 400");
  expect(inTerminal()).toBe(true);
});

test("all is reached by keyboard: in, out, along the tabs, and away", async () => {
  const { backend, dock } = await console();
  dock.open("dc1", "host1", "shell");
  await untilScreen("/ #");
  await press("{Escape}{Tab}");
  expect([typed(backend), inTerminal()]).toEqual(["\x1b\t", true]);
  await press("{F6}");
  expect(focused()).toContain("host1 · shell");
  await press("{ArrowRight}");
  expect(focused()).toContain("leaf1 · console");
  await untilScreen("leaf1#");
  await press("{ArrowDown}");
  expect([inTerminal(), focused()]).toEqual([true, "Console of leaf1, F6 leaves it"]);
  await press("{Control>}{Shift>}{Escape}{/Shift}{/Control}");
  expect(focused()).toContain("leaf1 · console");
  await press("{F6}");
  expect(inTerminal()).toBe(true);
  await press("{F6}{Delete}");
  expect([focused(), dock.tabs.length]).toEqual(["host1 · shell", 1]);
  const seen: string[] = [];
  for (let step = 0; step < 5; step += 1) {
    await press("{Tab}");
    seen.push(focused());
  }
  expect(seen).toEqual(["Search", "Another one", "Split", "Clear", "Screen reader"]);
  await press("{Tab}{Enter}");
  expect([dock.tabs.length, focused()]).toEqual([0, "The drawing"]);
  expect(asked(backend, "closeTerminal")).toEqual([[1], [2]]);
});

test("keys of the window stay the window's, and those of the program go to it", async () => {
  const { backend } = await console();
  const heard: string[] = [];
  const listen = (event: KeyboardEvent): void => void heard.push(event.key);
  window.addEventListener("keydown", listen);
  await press("{Control>}2{/Control}/?");
  await press("{Control>}l{/Control}");
  window.removeEventListener("keydown", listen);
  expect(heard.filter((key) => key !== "Control")).toEqual(["2"]);
  expect(typed(backend)).toBe("/?\x0c");
});

test("the caret that ends what a router does is sent, though it needs Shift", async () => {
  const { backend } = await console();
  const area = document.activeElement;
  area?.dispatchEvent(new KeyboardEvent("keydown", { key: "^", keyCode: 54, ctrlKey: true, shiftKey: true, bubbles: true, cancelable: true }));
  await settled();
  expect(typed(backend)).toBe("\x1e");
});

test("a console says how it ended and opens again by Enter, or by its button", async () => {
  const { backend } = await console();
  await press("exit{Enter}");
  await untilScreen("The console of leaf1 ended with exit code 0. Enter opens it again.");
  expect(the("tab", "leaf1").textContent).toContain("ended");
  await press("{Enter}");
  await untilScreen("Enter opens it again.\nleaf1#");
  await press("exit{Enter}");
  await until(() => text().includes("Open again"), "the button");
  await userEvent.click(the("button", "Open again"));
  await until(() => asked(backend, "openTerminal").length === 3, "a third opening");
  expect(inTerminal()).toBe(true);
});

test("a console comes back with its node, and says so", async () => {
  const shown = await console();
  await stand(shown, FIRST, FIRST);
  await press("show version{Enter}");
  await stand(shown, FIRST, "");
  await untilScreen("leaf1 does not run. This opens by itself when it does.");
  await stand(shown, "", AGAIN);
  await untilScreen("leaf1 runs again.\nleaf1#");
  expect(screen()).toContain("Arista cEOSLab");
  await press("ls{Enter}");
  await untilScreen("% Invalid input");
});

test("a program that its node took away leaves nothing on: no screen of its own, no hidden cursor, no mouse", async () => {
  const shown = await console();
  shown.backend.terminals.print("leaf1", "\x1b[?1049h\x1b[2J\x1b[H\x1b[?25l\x1b[?1000h\x1b[?1006h~ all mine");
  await untilScreen("~ all mine");
  await stand(shown, FIRST, "");
  await untilScreen("leaf1#\nThe console of leaf1 ended");
  expect(document.querySelector(".xterm.enable-mouse-events")).toBeNull();
  expect(document.querySelector(".xterm-cursor")).not.toBeNull();
});

test("a log follows its end, is left where it is read, and takes no letters", async () => {
  const { backend, dock } = await showDock();
  dock.open("dc1", "leaf2", "logs");
  await untilScreen("Starting ConfigAgent");
  backend.advance(40_000);
  await untilScreen("is up for 399 s");
  await press("xyz");
  expect(asked(backend, "typeInto")).toEqual([]);
  await press("{PageUp}{ArrowUp}");
  const read = screen();
  expect(read).not.toContain("is up for 399 s");
  backend.advance(5000);
  await settled();
  await settled();
  expect(screen()).toBe(read);
  await press("{Tab}");
  expect(focused()).toBe("Follow");
  await press("{Enter}");
  await untilScreen("is up for 404 s");
  backend.advance(5000);
  await untilScreen("is up for 409 s");
  await until(() => !text().includes("Follow"), "the button's end");
});

test("a word is copied, and several lines are pasted as one where the program can tell", async () => {
  const { backend } = await console();
  await press("show version{Enter}");
  await untilScreen("Architecture");
  const row = [...document.querySelectorAll<HTMLElement>(".xterm-rows > div")].find((line) => line.textContent?.includes("Architecture"));
  await userEvent.dblClick(document.querySelector(".xterm-screen") as HTMLElement, { position: { x: 30, y: (row?.offsetTop ?? 0) + 8 } });
  await press("{Control>}{Shift>}C{/Shift}{/Control}");
  expect(lastAsked(backend, "copy")).toEqual(["Architecture:"]);
  const paste = async (): Promise<string> => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "router bgp\n  no shutdown\n");
    const before = typed(backend).length;
    document.querySelector(".xterm-helper-textarea")?.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    await settled();
    return typed(backend).slice(before);
  };
  expect(await paste()).toBe("router bgp\r  no shutdown\r");
  backend.terminals.print("leaf1", "\x1b[?2004h");
  await settled();
  expect(await paste()).toBe("\x1b[200~router bgp\r  no shutdown\r\x1b[201~");
});

test("the dock is made larger by keyboard and mouse, and the program is told once", async () => {
  const { backend, dock } = await console();
  const divider = the("separator", "Height");
  const [, , rows] = asked(backend, "resizeTerminal").at(-1) ?? [0, 0, Number((lastAsked(backend, "openTerminal")?.[0] as { rows: number }).rows)];
  const before = asked(backend, "resizeTerminal").length;
  divider.focus();
  await press("{ArrowUp}{ArrowUp}{ArrowUp}");
  expect([dock.height, divider.getAttribute("aria-valuenow")]).toEqual([332, "332"]);
  await until(() => asked(backend, "resizeTerminal").length > before, "the new size");
  expect(asked(backend, "resizeTerminal").length).toBe(before + 1);
  expect(Number(lastAsked(backend, "resizeTerminal")?.[2])).toBeGreaterThan(Number(rows) + 2);
  await press("{End}");
  expect(Number(divider.getAttribute("aria-valuenow"))).toBe(Number(divider.getAttribute("aria-valuemax")));
  await press("{Home}");
  expect(dock.height).toBe(112);
  const { left, top } = divider.getBoundingClientRect();
  const at = (type: string, y: number): boolean => divider.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: left + 200, clientY: y, bubbles: true, cancelable: true }));
  divider.setPointerCapture = () => {};
  at("pointerdown", top);
  at("pointermove", top - 100);
  await settled();
  expect(Math.abs(dock.height - 212)).toBeLessThan(8);
});

test("two stand side by side, and the keys go where the focus is", async () => {
  const { backend, dock } = await console();
  dock.open("dc1", "host1", "shell");
  await untilScreen("/ #");
  await userEvent.click(the("button", "Split"));
  await untilScreen("leaf1#", 0);
  await untilScreen("/ #", 1);
  expect([...document.querySelectorAll("[role=tabpanel]")].map((panel) => document.getElementById(panel.getAttribute("aria-labelledby") ?? "")?.textContent?.trim())).toEqual(["leaf1 · console", "host1 · shell"]);
  await userEvent.click(document.querySelector(".xterm-screen") as HTMLElement);
  await press("a");
  expect([dock.pane, lastAsked(backend, "typeInto")]).toEqual([0, [1, "a"]]);
  the("separator", "Width").focus();
  await press("{ArrowRight}");
  expect(dock.share).toBeCloseTo(0.55);
  await press("{F6}{F6}{Control>}{PageDown}{/Control}b");
  expect([dock.pane, lastAsked(backend, "typeInto")]).toEqual([1, [2, "b"]]);
});

test("screen readers get the lines, and no key is heard twice", async () => {
  await console();
  expect(document.querySelector(".xterm-accessibility")).toBeNull();
  await userEvent.click(the("button", "Screen reader"));
  await until(() => document.querySelector(".xterm-accessibility")?.textContent?.includes("leaf1#") ?? false, "the lines for screen readers");
  await press("{F6}");
  expect(inTerminal()).toBe(true);
  const heard: string[] = [];
  const listen = (event: KeyboardEvent): void => void heard.push(event.key);
  window.addEventListener("keydown", listen);
  await press("{Escape}{Delete}?");
  window.removeEventListener("keydown", listen);
  expect(heard).toEqual([]);
});

test("much output comes whole, and the oldest lines go", async () => {
  const { backend } = await console();
  for (let piece = 0; piece < 15; piece += 1) {
    const lines = Array.from({ length: 1000 }, (_, index) => `number ${piece * 1000 + index + 1}\r\n`);
    backend.terminals.print("leaf1", lines.join(""));
  }
  await untilScreen("number 15000");
  await press("{Control>}{Shift>}F{/Shift}{/Control}number 5100");
  await until(() => text().includes("1 of 1"), "a line that is kept");
  await userEvent.fill(document.activeElement as HTMLElement, "number 4000");
  await until(() => text().includes("not found"), "that the oldest are gone");
});

test.each(["light", "dark"] as const)("the dock in %s keeps nobody out", async (theme) => {
  const { dock } = await console(theme);
  await press("show interfaces status{Enter}");
  dock.open("dc1", "leaf2", "logs");
  dock.open("dc2", "host1", "shell");
  dock.split();
  dock.search();
  dock.readAloud(true);
  await settled();
  await press("host");
  expect(await findings()).toEqual([]);
});
