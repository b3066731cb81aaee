import { mount, unmount } from "svelte";
import { userEvent } from "vitest/browser";
import { afterEach } from "vitest";
import { FakeBackend } from "../src/backend/fake/backend";
import { WORLDS } from "../src/backend/fake/worlds";
import "../src/base.css";
import "../src/fonts.css";
import { App } from "../src/state/app.svelte";
import { Clock } from "../src/state/clock.svelte";
import "../src/tokens.css";
import { TerminalDockState } from "../src/views/labs/terminals/dock.svelte";
// Transformed here and not while the first test waits for it.
import "../src/views/labs/terminals/xterm";
import DockPage from "./DockPage.svelte";
import { settled, until } from "./screen";

let leave: (() => Promise<void>) | undefined;

afterEach(async () => {
  await leave?.();
  leave = undefined;
});

export interface Shown {
  app: App;
  backend: FakeBackend;
  dock: TerminalDockState;
}

/** A page with an empty dock. The one before is closed. */
export async function showDock(theme: "light" | "dark" = "light"): Promise<Shown> {
  await leave?.();
  const world = WORLDS["idle"];
  if (!world) throw new Error("there is no idle world");
  const backend = new FakeBackend(world());
  const app = new App(backend, new Clock(backend.now));
  const dock = new TerminalDockState(app);
  document.documentElement.dataset["theme"] = theme;
  const target = document.createElement("div");
  target.id = "app";
  document.body.append(target);
  const view = mount(DockPage, { target, props: { app, dock } });
  leave = async () => {
    await unmount(view);
    target.remove();
  };
  await settled();
  return { app, backend, dock };
}

export async function press(keys: string): Promise<void> {
  await userEvent.keyboard(keys);
  await settled();
}

/** What can be read in a terminal now, without what is scrolled away. */
export function screen(index = 0): string {
  const rows = document.querySelectorAll<HTMLElement>(".xterm")[index]?.querySelectorAll<HTMLElement>(".xterm-rows > div") ?? [];
  return [...rows].map((row) => (row.textContent ?? "").replaceAll("\u00a0", " ").trimEnd()).join("\n").trimEnd();
}

export async function untilScreen(words: string, index = 0): Promise<void> {
  await until(() => screen(index).includes(words), `“${words}” in the terminal, which has “${screen(index)}”,`);
}
