import { mount } from "svelte";
import App from "./App.svelte";
import "./base.css";
import { followSystemTheme } from "./theme";
import "./tokens.css";

followSystemTheme(document.documentElement, window.matchMedia("(prefers-color-scheme: dark)"));

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app to mount on");
mount(App, { target });
