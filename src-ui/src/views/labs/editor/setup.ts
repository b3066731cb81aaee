/** The editor's parts. */

import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentService, indentUnit } from "@codemirror/language";
import { lintGutter, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, dropCursor, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { completions, meanings } from "./complete";
import type { LabDocument } from "./document.svelte";
import { marking } from "./entries";
import { theme } from "./theme";

/** What the editor's own controls are called. */
const PHRASES = {
  next: "Next",
  previous: "Previous",
  all: "All",
  "match case": "Match case",
  regexp: "Regex",
  "by word": "Whole words",
  replace: "Replace",
  "replace all": "Replace all",
  "folded code": "Folded lines",
  unfold: "Unfold",
  "Fold line": "Fold",
  "Unfold line": "Unfold",
};

/** A new line stands as far in as the one before, and further in after a key without a value. Brackets are left to the language. */
const indenting = indentService.of((context, at) => {
  const { text } = context.lineAt(at, -1);
  if (/[[{,]\s*$|^\s*[\]}]/.test(text)) return undefined;
  const lead = /^\s*/.exec(text)?.[0].length ?? 0;
  const dashes = /^(?:-\s+)*/.exec(text.slice(lead))?.[0].length ?? 0;
  return /[^\s#]:\s*(?:#.*)?$/.test(text) ? lead + dashes + context.unit : lead;
});

/**
 * All that an editor has besides the text. Tab indents; after Escape it leaves the editor, and Ctrl+M makes it do so until
 * Ctrl+M is pressed again.
 */
export function editing(document: LabDocument, describedBy: string): Extension {
  const known = (): LabDocument["known"] => document.known;
  return [
    lineNumbers(),
    lintGutter(),
    foldGutter({ openText: "⌄", closedText: "›" }),
    codeFolding({ placeholderText: "…" }),
    highlightSpecialChars(),
    drawSelection(),
    dropCursor(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    bracketMatching(),
    closeBrackets(),
    indenting,
    indentOnInput(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    EditorState.phrases.of(PHRASES),
    EditorView.contentAttributes.of({ tabindex: "0", "aria-label": document.name, "aria-describedby": describedBy }),
    yaml(),
    search({ top: true }),
    autocompletion({ override: [completions(known)], icons: false, activateOnTypingDelay: 60 }),
    meanings(known),
    marking,
    theme,
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      { key: "Tab", run: acceptCompletion },
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      { key: "F8", run: nextDiagnostic },
      { key: "Shift-F8", run: previousDiagnostic },
      ...defaultKeymap,
      indentWithTab,
    ]),
  ];
}
