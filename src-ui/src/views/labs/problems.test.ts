import { Text } from "@codemirror/state";
import { expect, test } from "vitest";
import { FakeTexts, MISTAKEN, SAMPLE } from "../../backend/fake/texts";
import { fabric } from "../../backend/fake/topologies";
import type { FileProblem } from "../../backend/generated/FileProblem";
import type { LabView } from "../../backend/generated/LabView";
import { problemsByEntry } from "./problems";

const doc = (text: string): Text => Text.of(text.split("\n"));
const at = (text: string, word: string): FileProblem["place"] => {
  const before = text.slice(0, text.indexOf(word)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};
const checked = (text: string): LabView => new FakeTexts().check(fabric().view(), text);
const warned = (word: string): LabView => ({ ...checked(SAMPLE), problems: [{ is_error: false, place: at(SAMPLE, word), message: "odd", suggestion: null }] });

test.each([
  ["x-rack", ["leaf3"]],
  ["spine2:\n", ["spine2"]],
  ['"leaf3:eth50"', ["spine2:eth3 leaf3:eth50"]],
  ["name: dc1", []],
  ["  links:", []],
  ["# Hosts have one port", []],
])("a problem at `%s` is that of the node or link in whose lines it is", (word, ids) => {
  expect([...problemsByEntry(doc(SAMPLE), warned(word)).keys()]).toEqual(ids);
});

test("with a mistake only nodes count that stand where they are known to", () => {
  const found = problemsByEntry(doc(MISTAKEN), checked(MISTAKEN));
  expect([...found].map(([id, problems]) => [id, problems.map(({ message }) => message)])).toEqual([["leaf2", ["kind `arista_ceso` is not known"]]]);
  // Places of an earlier text say nothing.
  const old = { ...checked(SAMPLE), problems: checked(MISTAKEN).problems };
  expect([...problemsByEntry(doc(MISTAKEN), old).keys()]).toEqual([]);
});
