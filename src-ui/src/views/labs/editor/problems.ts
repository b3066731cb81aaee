/** What is wrong with a file, at the characters that are meant. */

import type { Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { FileProblem } from "../../../backend/generated/FileProblem";
import { count } from "../../../words/units";
import { sentence } from "../../../words/sentence";
import { offsetOf } from "./text";

/** The problems as marks of the text. */
export function diagnosticsOf(doc: Text, problems: readonly FileProblem[]): Diagnostic[] {
  return problems.map((problem) => ({
    ...extent(doc, offsetOf(doc, problem.place)),
    severity: problem.is_error ? "error" : "warning",
    message: [sentence(problem.message), problem.suggestion && sentence(problem.suggestion)].filter(Boolean).join("\n"),
  }));
}

/** A problem is told with where it begins: what is meant is the word that stands there, with its quotes. */
function extent(doc: Text, at: number): { from: number; to: number } {
  const line = doc.lineAt(at);
  const rest = line.text.slice(at - line.from);
  const word = /^(?:"[^"]*"?|'[^']*'?|[\w.-]+(?=\s*:(?:\s|$))|[^\s,[\]{}#][^,[\]{}#]*?(?=\s*(?:[,[\]{}#]|$)))/.exec(rest)?.[0] ?? "";
  if (word) return { from: at, to: at + word.length };
  const end = Math.min(line.to, at + 1);
  return end > at ? { from: at, to: end } : { from: Math.max(line.from, at - 1), to: at };
}

/** `3 mistakes, 1 warning`; `No mistakes`. */
export function problemCounts(problems: readonly FileProblem[]): string {
  const mistakes = problems.filter((problem) => problem.is_error).length;
  const warnings = problems.length - mistakes;
  const said = [mistakes > 0 && count(mistakes, "mistake"), warnings > 0 && count(warnings, "warning")].filter(Boolean);
  return said.join(", ") || "No mistakes";
}
