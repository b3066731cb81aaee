/** Which nodes and links the problems of a file are about. */

import type { Text } from "@codemirror/state";
import type { FileProblem } from "../../backend/generated/FileProblem";
import type { LabView } from "../../backend/generated/LabView";
import type { Look } from "../../shared/look";
import { sentence } from "../../words/sentence";
import { entriesOf } from "./editor/entries";
import { offsetOf } from "./editor/text";

/** Problems by the name of the node or the id of the link in whose lines they are. Those of other lines are the file's alone. */
export function problemsByEntry(doc: Text, lab: LabView): ReadonlyMap<string, FileProblem[]> {
  const found = new Map<string, FileProblem[]>();
  if (lab.problems.length === 0) return found;
  const entries = entriesOf(doc, lab);
  for (const problem of lab.problems) {
    const at = offsetOf(doc, problem.place);
    const entry = entries.findLast(({ from, to }) => from <= at && at <= to);
    if (entry) found.set(entry.id, [...(found.get(entry.id) ?? []), problem]);
  }
  return found;
}

/** `line 14: kind ceoz is not known` */
export function problemWords({ place, message }: FileProblem): string {
  return sentence(`line ${place.line}: ${message}`);
}

export function problemLook(problems: FileProblem[]): Look {
  return problems.some((problem) => problem.is_error) ? "bad" : "warn";
}
