import { EditorState, Text } from "@codemirror/state";
import { expect, test } from "vitest";
import type { FileProblem } from "../../../backend/generated/FileProblem";
import { fabric } from "../../../backend/fake/topologies";
import { entries, entriesAt, entriesOf, tellEntries } from "./entries";
import { diagnosticsOf, problemCounts } from "./problems";

const lines = (text: string): Text => Text.of(text.split("\n"));
const problem = (line: number, column: number, change: Partial<FileProblem> = {}): FileProblem => ({ is_error: true, place: { line, column }, message: "kind `x` is not known", suggestion: null, ...change });

test.each([
  ['    - endpoints: ["leaf3:eth1", "laef4:eth1"]', 33, '"laef4:eth1"'],
  ["      memory: 1 lot # too little", 15, "1 lot"],
  ["      image: b", 7, "image"],
  ["    leaf2: { kind: no_such }", 20, "no_such"],
  ["      - echo \"hello", 9, "echo \"hello"],
  ["name: 'my lab'", 7, "'my lab'"],
  ["    - type: vxlan", 99, "n"],
  ["a: [b,,c]", 7, ","],
])("in %s at column %i the mark is on %s", (text, column, marked) => {
  const [mark] = diagnosticsOf(lines(text), [problem(1, column)]);
  expect(text.slice(mark?.from, mark?.to)).toBe(marked);
});

test("a mark is where there is no character any more, and says what would be right", () => {
  const [mark] = diagnosticsOf(lines("a\n\n"), [problem(9, 1, { suggestion: "did you mean `linux`?", is_error: false })]);
  expect(mark).toEqual({ from: 3, to: 3, severity: "warning", message: "Kind `x` is not known\nDid you mean `linux`?" });
});

test("problems are counted apart", () => {
  const warning = problem(1, 1, { is_error: false });
  expect([problemCounts([]), problemCounts([warning]), problemCounts([problem(1, 1), problem(2, 1), warning])]).toEqual(["No mistakes", "1 warning", "2 mistakes, 1 warning"]);
});

const BRACES = 'topology:\n  nodes: { leaf1: { kind: linux }, leaf2: { kind: linux } }\n  links: [{ endpoints: ["leaf1:eth1", "leaf2:eth1"] }]';

test("entries that stand in one line are told apart", () => {
  const lab = fabric().view();
  const [leaf1, leaf2] = [lab.nodes[2]!, lab.nodes[3]!];
  const nodes = [{ ...leaf1, place: { line: 2, column: 12 } }, { ...leaf2, place: { line: 2, column: 36 } }];
  const doc = lines(BRACES);
  const state = EditorState.create({ doc, extensions: [entries] }).update({ effects: tellEntries.of(entriesOf(doc, { ...lab, nodes, links: [] })) }).state;
  const at = (word: string): string[] => entriesAt(state.update({ selection: { anchor: BRACES.indexOf(word) } }).state);
  expect([at("leaf1: { k"), at("linux }, leaf2"), at("leaf2: { k"), at("nodes:"), at("links:")]).toEqual([["leaf1"], ["leaf1"], ["leaf2"], [], []]);
});

test("with a mistake in the text only what stands where it is said to is taken", () => {
  const lab = fabric().view({ problems: [problem(1, 1)] });
  const nodes = [{ ...lab.nodes[2]!, place: { line: 2, column: 12 } }, { ...lab.nodes[3]!, place: { line: 1, column: 1 } }];
  expect(entriesOf(lines(BRACES), { ...lab, nodes }).map(({ id }) => id)).toEqual(["leaf1"]);
});
