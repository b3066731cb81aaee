/** A lab as its edited text would have it, with what runs of it. */

import type { LabView } from "../../backend/generated/LabView";
import { linkIds } from "./links";

/** The nodes and links of `draft`, each as it stands in `told` if it is known there. */
export function withDraft(told: LabView, draft: LabView): LabView {
  const nodes = new Map(told.nodes.map((node) => [node.name, node]));
  const links = linkIds(told.links);
  return {
    ...told,
    problems: draft.problems,
    nodes: draft.nodes.map((node) => {
      const known = nodes.get(node.name);
      if (!known) return node;
      const { kind, kind_title, image, form, place } = node;
      const fresh = node.ports.filter(({ name }) => !known.ports.some((port) => port.name === name));
      return { ...known, kind, kind_title, image, form, place, ports: [...known.ports, ...fresh] };
    }),
    links: [...linkIds(draft.links)].map(([id, link]) => {
      const known = links.get(id);
      return known ? { ...known, number: link.number, place: link.place } : link;
    }),
  };
}
