/** The lines of nodes and links: which of them are chosen, and in which the cursor is. */

import { StateEffect, StateField, type EditorState, type Extension, type Text } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";
import type { LabView } from "../../../backend/generated/LabView";
import type { TextPlace } from "../../../backend/generated/TextPlace";
import { linkIds } from "../links";
import { offsetOf } from "./text";

/** What the file says of one node or link. */
export interface Entry {
  /** The node's name, or the link's id. */
  id: string;
  from: number;
  to: number;
}

/** Where nodes and links of a checked text stand. */
export const tellEntries = StateEffect.define<Entry[]>();
/** Which of them are chosen. */
export const choose = StateEffect.define<ReadonlySet<string>>();

/** They go with the text, so that they are right while it is typed and not checked yet. */
export const entries = StateField.define<readonly Entry[]>({
  create: () => [],
  update(known, transaction) {
    const moved = transaction.docChanged ? known.map(({ id, from, to }) => ({ id, from: transaction.changes.mapPos(from, 1), to: transaction.changes.mapPos(to, 1) })) : known;
    return transaction.effects.reduce((now, effect) => (effect.is(tellEntries) ? effect.value : now), moved);
  },
});

const chosen = StateField.define<ReadonlySet<string>>({
  create: () => new Set(),
  update: (now, transaction) => transaction.effects.reduce((latest, effect) => (effect.is(choose) ? effect.value : latest), now),
});

const CHOSEN_LINE = Decoration.line({ class: "cm-chosen" });

/** Marks the lines of what is chosen. */
export const marking: Extension = [chosen, EditorView.decorations.compute([entries, chosen, "doc"], marksOf)];

/**
 * Where nodes and links of a lab stand in its text. With a mistake in the text, the lab may be that of an earlier one: of
 * nodes only those are taken then whose name stands at their place, and of links none.
 */
export function entriesOf(doc: Text, lab: LabView): Entry[] {
  const isOld = lab.problems.some((problem) => problem.is_error);
  const nodes = lab.nodes.flatMap(({ name, place }) => (place && (!isOld || startsWith(doc, place, name)) ? [entryOf(doc, name, place)] : []));
  const links = [...linkIds(lab.links)].flatMap(([id, { place }]) => (place && !isOld ? [entryOf(doc, id, place)] : []));
  const all = [...nodes, ...links].sort((a, b) => a.from - b.from);
  return all.map((entry, index) => ({ ...entry, to: Math.max(entry.from, Math.min(entry.to, (all[index + 1]?.from ?? Infinity) - 1)) }));
}

/** Those that the selection touches. */
export function entriesAt(state: EditorState): string[] {
  const { from, to } = state.selection.main;
  return state.field(entries).filter((entry) => from <= lineEnd(state.doc, entry) && to >= lineStart(state.doc, entry)).map(({ id }) => id);
}

/** Where the first of some stands. */
export function firstOf(state: EditorState, ids: ReadonlySet<string>): Entry | undefined {
  return state.field(entries).find(({ id }) => ids.has(id));
}

function marksOf(state: EditorState): DecorationSet {
  const ids = state.field(chosen);
  const lines = state.field(entries).filter(({ id }) => ids.has(id)).flatMap(({ from, to }) => linesIn(state.doc, from, to));
  return Decoration.set([...new Set(lines)].map((at) => CHOSEN_LINE.range(at)), true);
}

function linesIn(doc: Text, from: number, to: number): number[] {
  const [first, last] = [doc.lineAt(Math.min(from, doc.length)).number, doc.lineAt(Math.min(to, doc.length)).number];
  return Array.from({ length: last - first + 1 }, (_, index) => doc.line(first + index).from);
}

function startsWith(doc: Text, place: TextPlace, name: string): boolean {
  const at = offsetOf(doc, place);
  return doc.sliceString(at, at + name.length + 1).replace(/^["']/, "").startsWith(name);
}

/** An entry goes on as long as lines stand further in than the one that it begins with. */
function entryOf(doc: Text, id: string, place: TextPlace): Entry {
  const from = offsetOf(doc, place);
  const first = doc.lineAt(from);
  const indent = first.text.search(/\S|$/);
  let to = first.to;
  for (let number = first.number + 1; number <= doc.lines; number += 1) {
    const line = doc.line(number);
    const column = line.text.search(/\S/);
    if (column >= 0 && column <= indent) break;
    if (column >= 0 && line.text[column] !== "#") to = line.to;
  }
  return { id, from, to };
}

/** The indentation before an entry belongs to it, unless another stands in the same line. */
function lineStart(doc: Text, entry: Entry): number {
  const line = doc.lineAt(Math.min(entry.from, doc.length));
  return /^[\s-]*$/.test(line.text.slice(0, entry.from - line.from)) ? line.from : entry.from;
}

function lineEnd(doc: Text, entry: Entry): number {
  return Math.min(entry.to, doc.length);
}
