import type { KeyList } from "../../../shared/keys";

/** What the keys do in the table of a plan. */
export const PLAN_KEYS: KeyList = [
  { keys: ["Space"], does: "Choose a node, or leave it out" },
  { keys: ["Ctrl+A"], does: "Choose all that are shown" },
  { keys: ["R"], does: "Replace what is in the way, or leave it" },
];
