import type { KeyList } from "../../../shared/keys";
import { VIEWS } from "../../../state/navigation.svelte";

/** What a key does in the dock; every other key belongs to the program in the terminal. */
export type DockKey = "leave" | "search" | "copy" | "paste" | "previous" | "next" | "view";

/** The keys of the dock, for the sheet that lists all. */
export const TERMINAL_KEYS: KeyList = [
  { keys: ["F6", "Ctrl+Shift+Escape"], does: "Leave a terminal for its tab, and go back" },
  { keys: ["Ctrl+Page ↑", "↓"], does: "Previous and next terminal" },
  { keys: ["Ctrl+Shift+F"], does: "Search in a terminal, filter a capture" },
  { keys: ["Ctrl+Shift+C", "V"], does: "Copy from a terminal, paste into it" },
  { keys: ["Shift+Page ↑", "↓"], does: "Scroll a terminal" },
  { keys: ["←", "→", "↓"], does: "From tab to tab, and into its terminal" },
  { keys: ["Delete"], does: "Close a tab" },
];

const PLAIN: Record<string, DockKey> = { F6: "leave" };
const CONTROL: Record<string, DockKey> = { PageUp: "previous", PageDown: "next" };
const CONTROL_SHIFT: Record<string, DockKey> = { Escape: "leave", F: "search", C: "copy", V: "paste" };

/** What a key does in the dock, if anything. */
export function dockKey(event: KeyboardEvent): DockKey | null {
  if (event.altKey || event.metaKey) return null;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  if (event.ctrlKey && event.shiftKey) return CONTROL_SHIFT[key] ?? null;
  if (event.ctrlKey) return CONTROL[key] ?? (VIEWS[Number(key) - 1] ? "view" : null);
  return event.shiftKey ? null : (PLAIN[key] ?? null);
}

/** What routers' own escape is on a keyboard where the caret needs Shift: xterm.js sends nothing for it. */
export function controlCode(event: KeyboardEvent): string | null {
  return event.ctrlKey && !event.altKey && event.key === "^" ? "\x1e" : null;
}

/** How a key scrolls what only is read: by lines, by pages, or to an edge. */
export type Scroll = { lines: number } | { pages: number } | "start" | "end";

const SCROLLS: Record<string, Scroll> = {
  ArrowUp: { lines: -1 },
  ArrowDown: { lines: 1 },
  PageUp: { pages: -1 },
  PageDown: { pages: 1 },
  " ": { pages: 1 },
  Home: "start",
  End: "end",
};

export function scrollKey(event: KeyboardEvent): Scroll | null {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  return SCROLLS[event.key] ?? null;
}
