import type { KeyList } from "../../../shared/keys";
import { fileKey } from "../filekeys";
import type { DrawingState } from "./drawing.svelte";

/** The keys of the drawing, and of the table where it has the same, for the sheet that lists all. */
export const DRAWING_KEYS: KeyList = [
  { keys: ["↑", "↓", "←", "→"], does: "From node to node" },
  { keys: ["Shift+↑", "…"], does: "Select on the way" },
  { keys: ["Home", "End"], does: "First and last node" },
  { keys: ["Space", "Ctrl+A"], does: "Select a node, all nodes" },
  { keys: ["Enter"], does: "What is known of a node; Escape leads back" },
  { keys: ["Shift+F10"], does: "What can be done: console, connect, stop…" },
  { keys: ["Insert"], does: "Add a node" },
  { keys: ["F2"], does: "Rename a node" },
  { keys: ["Delete"], does: "Remove what is selected from the file" },
  { keys: ["+", "-", "0"], does: "Zoom, show all" },
];

/** What the drawing does with keys besides moving about. */
export interface DrawingKeys {
  /** Shows the menu of what is chosen, or of the node where the keyboard is. */
  menu(): void;
  /** Goes into the panel. */
  enter(): void;
  zoom(by: 1 | -1): void;
}

/** What a key does in the drawing; whether it did anything. */
export function drawingKey(drawing: DrawingState, event: KeyboardEvent, does: DrawingKeys): boolean {
  const { page } = drawing;
  if (event.altKey) return false;
  if (event.ctrlKey || event.metaKey) return controlKey(drawing, event.key);
  switch (event.key) {
    case "ArrowUp":
    case "ArrowDown":
    case "ArrowLeft":
    case "ArrowRight":
      return move(drawing, event);
    case "Home":
    case "End": {
      const to = page.lab.nodes.at(event.key === "Home" ? 0 : -1);
      return to !== undefined && drawing.goTo(to.name);
    }
    case "Enter":
      if (page.active === null) return false;
      if (!page.selection.has(page.active) || page.selection.size > 1) page.select([page.active]);
      does.enter();
      return true;
    case " ":
      if (page.active !== null) page.select([page.active], "toggle");
      return true;
    case "Escape":
      if (page.selection.size === 0) return false;
      page.select([]);
      return true;
    case "ContextMenu":
      does.menu();
      return true;
    case "F10":
      if (event.shiftKey) does.menu();
      return event.shiftKey;
    case "+":
    case "=":
      does.zoom(1);
      return true;
    case "-":
      does.zoom(-1);
      return true;
    case "0":
      drawing.view?.fit();
      return true;
    default:
      return fileKey(page, event.key, page.active);
  }
}

function controlKey(drawing: DrawingState, key: string): boolean {
  if (key !== "a") return false;
  drawing.page.selectAll();
  return true;
}

/** With Shift the node that is left and the one that is reached are chosen as well. */
function move(drawing: DrawingState, event: KeyboardEvent): boolean {
  const { page } = drawing;
  const before = page.active;
  const moved = drawing.move(event.key);
  if (moved && event.shiftKey) page.select([before, page.active].filter((name) => name !== null), "also");
  return true;
}
