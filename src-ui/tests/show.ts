import { mount, unmount } from "svelte";
import { afterEach } from "vitest";
import AppView from "../src/App.svelte";
import { FakeBackend } from "../src/backend/fake/backend";
import { WORLDS, type World } from "../src/backend/fake/worlds";
import "../src/base.css";
import "../src/fonts.css";
import { App } from "../src/state/app.svelte";
import { Clock } from "../src/state/clock.svelte";
import { ThemeSwitch } from "../src/state/theme";
import "../src/tokens.css";
import { settled } from "./screen";

export { lastAsked, settled, text, the, until } from "./screen";

let leave: (() => Promise<void>) | undefined;

afterEach(async () => {
  await leave?.();
  leave = undefined;
});

/** The window in one of the fake worlds, and what stands behind it. The one before is closed. */
export async function show(name: string, change: Partial<World> = {}): Promise<{ app: App; backend: FakeBackend }> {
  await leave?.();
  const make = WORLDS[name];
  if (!make) throw new Error(`there is no world ${name}`);
  const backend = new FakeBackend({ ...make(), ...change });
  const app = new App(backend, new Clock(backend.now));
  const target = document.createElement("div");
  target.id = "app";
  document.body.append(target);
  const theme = new ThemeSwitch(document.documentElement, window.matchMedia("(prefers-color-scheme: dark)"));
  const view = mount(AppView, { target, props: { app, theme } });
  leave = async () => {
    await unmount(view);
    target.remove();
  };
  await settled();
  return { app, backend };
}
