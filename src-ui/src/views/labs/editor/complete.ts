/** Words that are offered while somebody types, and what words mean that are pointed at. */

import { pickedCompletion, startCompletion, type Completion, type CompletionContext, type CompletionResult, type CompletionSource } from "@codemirror/autocomplete";
import { indentUnit } from "@codemirror/language";
import type { EditorState, TransactionSpec } from "@codemirror/state";
import { hoverTooltip, type Tooltip } from "@codemirror/view";
import { keysBelow, standingAt, type Standing } from "./standing";
import { ENDS, meaningOf, offersAt, type Known, type Offer } from "./words";

/** What can be read as one word, for what is pointed at. */
const WORD = /[\w./-]/;
/** The rest of a name, and the rest of a value, which may have colons. */
const NAME = /^[\w./-]*/;
const VALUE = /^[^\s,\]}"'#]*/;

/** Offers words by where the cursor stands. */
export function completions(known: () => Known): CompletionSource {
  return (context) => {
    const standing = standingIn(context.state, context.pos);
    if (!standing || !isWanted(context, standing) || standsBeforeAnother(context, standing)) return null;
    return offered(context, standing, known());
  };
}

/** Says what a key or a kind means that is pointed at. */
export function meanings(known: () => Known): ReturnType<typeof hoverTooltip> {
  return hoverTooltip((view, at) => meaningAt(view.state, at, known()), { hideOnChange: true });
}

/** What the word at a place means. */
export function meaningAt(state: EditorState, at: number, known: Known): Tooltip | null {
  const line = state.doc.lineAt(at);
  let [from, to] = [at - line.from, at - line.from];
  while (from > 0 && WORD.test(line.text.charAt(from - 1))) from -= 1;
  while (to < line.length && WORD.test(line.text.charAt(to))) to += 1;
  const standing = to > from ? standingIn(state, line.from + to) : null;
  const meaning = standing && meaningOf(standing, known);
  if (!meaning) return null;
  return { pos: line.from + from, end: line.from + to, above: true, create: () => ({ dom: told(meaning.title, meaning.about) }) };
}

function told(title: string, about: string): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "cm-meaning";
  for (const [tag, text] of [["b", title], ["span", about]] as const) {
    const part = document.createElement(tag);
    part.textContent = text;
    if (text) dom.append(part);
  }
  return dom;
}

function standingIn(state: EditorState, at: number): Standing | null {
  const line = state.doc.lineAt(at);
  const lines = state.doc.slice(0, line.to).toJSON();
  const standing = standingAt(lines, line.number - 1, at - line.from);
  if (standing?.what !== "key" || standing.isFlow) return standing;
  return { ...standing, beside: [...standing.beside, ...keysBelow(state.doc.toJSON(), line.number - 1, standing.from)] };
}

/** An empty line is often wanted empty: there words come only when they are asked for. */
function isWanted({ explicit }: CompletionContext, { what, typed, key }: Standing): boolean {
  return explicit || typed !== "" || what === "value" || key === ENDS;
}

/** A key that is there already begins after the cursor. */
function standsBeforeAnother({ state, pos }: CompletionContext, { what, typed, isFlow }: Standing): boolean {
  return what === "key" && typed === "" && !isFlow && state.sliceDoc(pos, state.doc.lineAt(pos).to).trim() !== "";
}

function offered(context: CompletionContext, standing: Standing, known: Known): CompletionResult | null {
  const { offers, skip } = offersAt(standing, known);
  const isAlone = offers.length === 1 && offers[0]?.label === standing.typed.slice(skip);
  if (offers.length === 0 || (isAlone && !context.explicit)) return null;
  const from = context.state.doc.lineAt(context.pos).from + standing.from + skip;
  return { from, options: offers.map((offer, index) => option(offer, index, standing)) };
}

/** Of words that fit as well the first comes first: keys come in the order in which files have them. */
function option(offer: Offer, index: number, standing: Standing): Completion {
  return {
    label: offer.label,
    sortText: String(index).padStart(5, "0"),
    ...(offer.detail && { detail: offer.detail }),
    ...(offer.about && { info: offer.about }),
    boost: offer.rank,
    apply: (view, completion, from, to) => {
      view.dispatch({ ...written(view.state, offer, standing, from, to), annotations: pickedCompletion.of(completion), userEvent: "input.complete", scrollIntoView: true });
      if (offer.goesOn) startCompletion(view);
    },
  };
}

/** A word in the place of the one that the cursor is in; what follows it already is not written twice. */
function written(state: EditorState, offer: Offer, { what, from: column }: Standing, from: number, to: number): TransactionSpec {
  const line = state.doc.lineAt(to);
  const behind = line.text.slice(to - line.from);
  const word = (what === "value" ? VALUE : NAME).exec(behind)?.[0] ?? "";
  const rest = behind.slice(word.length);
  const inner = `\n${" ".repeat(column)}${state.facet(indentUnit)}`;
  const hasRest = rest.trim() !== "";
  const text = /^\s*:/.test(rest) ? offer.label : hasRest ? offer.writes.replace(/:\n$/, ": ") : offer.writes.replace("\n", inner);
  const closes = hasRest && !/^\s*[,\]}]/.test(rest) ? "" : offer.closes;
  return { changes: { from, to: to + word.length, insert: text + closes }, selection: { anchor: from + text.length } };
}
