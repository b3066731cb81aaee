import type { LabPageState } from "./page.svelte";

/**
 * Asks whether to remove what is chosen from the file, or the node `besides` where nothing is chosen; whether there is
 * anything to ask.
 */
function askToRemove(page: LabPageState, besides: string | null): boolean {
  if (!page.canEdit) return false;
  const chosen = page.selection.size > 0 ? page.selection : new Set(besides === null ? [] : [besides]);
  const nodes = page.lab.nodes.filter(({ name, place }) => chosen.has(name) && place).map(({ name }) => name);
  const links = [...page.links].filter(([id, { number }]) => chosen.has(id) && number !== null).map(([id]) => id);
  if (nodes.length + links.length === 0) return false;
  page.sheet = { type: "remove", nodes, links };
  return true;
}

/** Asks what a key that changes the file wants, of what is chosen or of the node `besides`; whether there is anything to ask. */
export function fileKey(page: LabPageState, key: string, besides: string | null): boolean {
  const node = besides === null ? undefined : page.nodes.get(besides);
  if (key === "Delete" || key === "Backspace") return askToRemove(page, besides);
  if (!page.canEdit) return false;
  if (key === "Insert") page.sheet = { type: "node", node: null };
  else if (key === "F2" && node?.place) page.sheet = { type: "node", node: node.name };
  else return false;
  return true;
}
