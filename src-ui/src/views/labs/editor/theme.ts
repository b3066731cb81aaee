/** How the editor looks: in the colours of the tokens, which change with the theme by themselves. */

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const FIELD = {
  height: "26px",
  minWidth: "0",
  margin: "0",
  padding: "0 var(--s2)",
  border: "1px solid var(--line-strong)",
  borderRadius: "6px",
  background: "var(--surface)",
  color: "var(--ink)",
  font: "400 var(--text-2) var(--font)",
};

const TEXT = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--surface)", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "12.5px", lineHeight: "1.6", fontFeatureSettings: '"calt" 0' },
  // WebKit does not let anybody type where nothing can be selected, and nothing can in the rest of the window.
  ".cm-content": { padding: "var(--s2) 0", caretColor: "var(--ink)", WebkitUserSelect: "text", userSelect: "text", cursor: "text" },
  ".cm-line": { padding: "0 var(--s4) 0 6px" },
  ".cm-cursor, .cm-dropCursor": { borderLeft: "1.5px solid var(--ink)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 26%, transparent)",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--sunken) 60%, transparent)" },
  ".cm-chosen": { backgroundColor: "var(--accent-soft)", boxShadow: "inset 2px 0 var(--accent)" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--ink) 10%, transparent)" },
  ".cm-specialChar": { color: "var(--bad)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--line-strong)", borderRadius: "2px" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--bad)", borderRadius: "2px" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-soft)", outline: "1px solid color-mix(in srgb, var(--warn) 50%, transparent)" },
  ".cm-searchMatch-selected": { backgroundColor: "color-mix(in srgb, var(--warn) 35%, transparent)" },
});

const GUTTERS = EditorView.theme({
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-3)", border: "none", fontSize: "11px", cursor: "default" },
  ".cm-gutters.cm-gutters-before": { borderRightWidth: "0" },
  ".cm-gutterElement": { lineHeight: "20px" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 var(--s1) 0 0", minWidth: "28px", fontVariantNumeric: "tabular-nums" },
  ".cm-foldGutter .cm-gutterElement": { width: "16px", textAlign: "center" },
  ".cm-foldGutter span": { color: "var(--ink-3)", cursor: "pointer" },
  ".cm-foldPlaceholder": { padding: "0 6px", border: "1px solid var(--line-strong)", borderRadius: "var(--r1)", background: "var(--sunken)", color: "var(--ink-2)" },
  ".cm-gutter-lint": { width: "16px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0", display: "grid", placeItems: "center" },
  ".cm-lint-marker": { width: "8px", height: "8px", borderRadius: "50%" },
  ".cm-lint-marker-error": { content: "none", background: "var(--bad)" },
  ".cm-lint-marker-warning": { content: "none", background: "var(--warn)" },
  ".cm-lintRange": { backgroundImage: "none", paddingBottom: "0", textDecoration: "underline wavy 1px", textUnderlineOffset: "3px", textDecorationSkipInk: "none" },
  ".cm-lintRange-error": { textDecorationColor: "var(--bad)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--warn)" },
  ".cm-lintRange-active": { backgroundColor: "transparent" },
});

const FLOATING = EditorView.theme({
  ".cm-tooltip": {
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--r2)",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    boxShadow: "var(--shadow)",
    font: "400 var(--text-2)/1.45 var(--font)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete": { overflow: "visible" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font)", minWidth: "240px", maxHeight: "240px", padding: "var(--s1)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { display: "flex", gap: "var(--s3)", alignItems: "baseline", padding: "3px var(--s2)", borderRadius: "var(--r1)", lineHeight: "1.45" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent-soft)", color: "var(--ink)" },
  ".cm-completionLabel": { fontFamily: "var(--mono)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600", color: "var(--accent)" },
  ".cm-completionDetail": { marginLeft: "auto", fontStyle: "normal", color: "var(--ink-2)" },
  ".cm-tooltip.cm-completionInfo": { padding: "var(--s2) var(--s3)", maxWidth: "280px", color: "var(--ink-2)" },
  ".cm-meaning": { maxWidth: "360px", padding: "var(--s2) var(--s3)", whiteSpace: "pre-line" },
  ".cm-meaning b": { fontWeight: "600" },
  ".cm-meaning b + span": { display: "block", color: "var(--ink-2)" },
  ".cm-tooltip-lint, .cm-tooltip .cm-tooltip-lint": { maxWidth: "420px" },
  ".cm-diagnostic": { margin: "0", padding: "var(--s2) var(--s3)" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--warn)" },
});

const PANELS = EditorView.theme({
  ".cm-panels": { backgroundColor: "var(--ground)", color: "var(--ink)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  // Each field fills its row with the buttons that belong to it, and what is looked for stands between the two.
  ".cm-panel.cm-search": { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "6px", padding: "var(--s2) 40px var(--s2) var(--s3)", fontFamily: "var(--font)" },
  ".cm-panel.cm-search br": { display: "none" },
  ".cm-panel.cm-search .cm-textfield": { ...FIELD, flex: "1 1 calc(100% - 196px)", fontFamily: "var(--mono)" },
  ".cm-panel.cm-search .cm-button": { ...FIELD, backgroundImage: "none", fontWeight: "500", fontSize: "var(--text-2)" },
  ".cm-panel.cm-search .cm-button:hover": { background: "var(--sunken)" },
  ".cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", gap: "6px", margin: "0 var(--s2) 0 0", fontSize: "var(--text-2)", color: "var(--ink-2)" },
  ".cm-panel.cm-search input[type=checkbox]": { margin: "0" },
  ".cm-panel.cm-search [name=close]": { top: "8px", right: "8px", width: "26px", height: "26px", padding: "0", borderRadius: "6px", color: "var(--ink-2)", fontSize: "16px" },
  ".cm-panel.cm-search [name=close]:hover": { background: "var(--sunken)" },
  ".cm-panel.cm-gotoLine": { display: "flex", alignItems: "center", gap: "var(--s2)", padding: "var(--s2) var(--s3)" },
});

/** Colour says how something stands, and nothing of that is in a file: here weight and shade tell keys, values and comments apart. */
const SHADES = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: "var(--ink)", fontWeight: "500" },
  { tag: [tags.content, tags.string, tags.special(tags.string)], color: "var(--ink-2)" },
  { tag: [tags.separator, tags.brace, tags.squareBracket, tags.meta], color: "var(--ink-3)" },
  { tag: [tags.labelName, tags.typeName], color: "var(--ink)", fontStyle: "italic" },
  { tag: tags.lineComment, color: "var(--ink-3)", fontStyle: "italic" },
]);

export const theme: Extension = [TEXT, GUTTERS, FLOATING, PANELS, syntaxHighlighting(SHADES)];
