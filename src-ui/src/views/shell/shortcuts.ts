import type { KeyList } from "../../shared/keys";
import type { App } from "../../state/app.svelte";
import { VIEWS } from "../../state/navigation.svelte";
import { PLAN_KEYS } from "../hosts/plan/keys";
import { DRAWING_KEYS } from "../labs/drawing/keys";
import { EDITOR_KEYS } from "../labs/editor/keys";
import { TERMINAL_KEYS } from "../labs/terminals/keys";

const WINDOW_KEYS: KeyList = [
  { keys: ["Ctrl+1", "2", "3", "4", "5"], does: "Labs, Images, Hosts, Activity, Settings" },
  { keys: ["/", "Ctrl+F"], does: "Search" },
  { keys: ["Ctrl+O"], does: "Choose files to import" },
  { keys: ["Ctrl+L"], does: "Pull an image" },
  { keys: ["Ctrl+V"], does: "Import the path or URL in the clipboard" },
  { keys: ["Escape"], does: "Close" },
  { keys: ["?"], does: "These keys" },
];

const LIST_KEYS: KeyList = [
  { keys: ["↑", "↓", "Page ↑", "Page ↓"], does: "Move" },
  { keys: ["Home", "End"], does: "First and last" },
  { keys: ["Enter"], does: "Open" },
  { keys: ["F2"], does: "Rename an image" },
  { keys: ["Delete"], does: "Remove an image or host, forget a lab, cancel a job" },
];

/** All keys, by where they are pressed, for the sheet that lists them. */
export const KEYS: { where: string; keys: KeyList }[] = [
  { where: "Everywhere", keys: WINDOW_KEYS },
  { where: "In a lab's drawing and table", keys: DRAWING_KEYS },
  { where: "In lists", keys: LIST_KEYS },
  { where: "In the plan of an install", keys: PLAN_KEYS },
  { where: "In terminals and captures", keys: TERMINAL_KEYS },
  { where: "In a lab's file", keys: EDITOR_KEYS },
];

/** What a key does that no component took. */
export function shortcut(app: App, event: KeyboardEvent): void {
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const withControl = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  const done = withControl ? controlKey(app, event.key) : plainKey(app, event);
  if (done) event.preventDefault();
}

function controlKey(app: App, key: string): boolean {
  const view = VIEWS[Number(key) - 1];
  if (view) app.navigation.show(view);
  else if (key === "f") return search();
  else if (key === "o") void app.ask((backend) => backend.chooseFiles());
  else if (key === "l") app.navigation.open("pull");
  else return false;
  return true;
}

function plainKey(app: App, event: KeyboardEvent): boolean {
  if (inField(event.target) || event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.key === "/") return search();
  if (event.key !== "?") return false;
  app.navigation.open("keys");
  return true;
}

function search(): boolean {
  const field = document.querySelector<HTMLInputElement>("[data-search]");
  field?.focus();
  field?.select();
  return field !== null;
}

/** WebKit pastes where there is no field only if this event, which it sends before, is refused. */
export function allowPaste(event: Event): void {
  if (!inField(event.target)) event.preventDefault();
}

/** Offers paths and URLs that were pasted where there is no field. */
export function pasted(app: App, event: ClipboardEvent): void {
  if (inField(event.target) || document.querySelector("dialog[open]")) return;
  const list = event.clipboardData?.getData("text/uri-list") ?? "";
  const sources = sourcesIn(list || (event.clipboardData?.getData("text/plain") ?? ""));
  if (sources.length === 0) return;
  event.preventDefault();
  void app.ask((backend) => backend.offer(sources));
}

/** The lines of a text that are paths or URLs; none if any line is something else. */
export function sourcesIn(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim().replace(/^(["'])(.*)\1$/, "$2"));
  const said = lines.filter((line) => line && !line.startsWith("#"));
  return said.every((line) => /^(?:\/[^/]|~\/|file:\/\/|https?:\/\/)/.test(line)) ? said : [];
}

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
