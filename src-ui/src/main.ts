import { mount } from "svelte";
import App from "./App.svelte";
import type { Backend } from "./backend/backend";
import { TauriBackend } from "./backend/tauri";
import "./base.css";
import "./fonts.css";
import { App as AppState } from "./state/app.svelte";
import { Clock } from "./state/clock.svelte";
import { ThemeSwitch } from "./state/theme";
import "./tokens.css";

/** In a browser there is no program to speak to: a fake one stands in, which the shipped build does not contain. */
async function choose(): Promise<{ backend: Backend; clock: Clock }> {
  if (import.meta.env.DEV || import.meta.env.MODE === "fake") {
    const { fakeOf } = await import("./backend/fake/page");
    if (!("__TAURI_INTERNALS__" in window)) return fakeOf(new URLSearchParams(window.location.search));
  }
  return { backend: new TauriBackend(), clock: new Clock() };
}

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app to mount on");

const theme = new ThemeSwitch(document.documentElement, window.matchMedia("(prefers-color-scheme: dark)"));
const { backend, clock } = await choose();
mount(App, { target, props: { app: new AppState(backend, clock), theme } });
