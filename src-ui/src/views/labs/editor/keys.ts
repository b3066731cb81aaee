import type { KeyList } from "../../../shared/keys";

/** The keys of the editor, for the sheet that lists all. */
export const EDITOR_KEYS: KeyList = [
  { keys: ["Ctrl+S"], does: "Save" },
  { keys: ["Ctrl+Z", "Ctrl+Y"], does: "Undo, redo" },
  { keys: ["Ctrl+Space"], does: "Complete a word" },
  { keys: ["Ctrl+F"], does: "Find and replace" },
  { keys: ["F3", "Shift+F3"], does: "Next and previous place found" },
  { keys: ["F8", "Shift+F8"], does: "Next and previous problem" },
  { keys: ["Ctrl+/"], does: "Make lines a comment, and back" },
  { keys: ["Tab", "Shift+Tab"], does: "Indent, and back" },
  { keys: ["Alt+↑", "Alt+↓"], does: "Move a line" },
  { keys: ["Ctrl+Shift+[", "]"], does: "Fold, unfold" },
  { keys: ["Escape, Tab", "Ctrl+M"], does: "Leave the editor, once or always with Tab" },
];
