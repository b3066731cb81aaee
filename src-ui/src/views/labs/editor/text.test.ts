import { ChangeSet, Text } from "@codemirror/state";
import { expect, test } from "vitest";
import { compared, hunks } from "./diff";
import { asLines, changesBetween, offsetOf, placeOf, separatorOf } from "./text";

const doc = (text: string): Text => Text.of(text.split("\n"));

/** A text after the changes that were found, and how many characters they put in. */
function changed(before: string, after: string): { text: string; inserted: number } {
  const [from, to] = [doc(before), doc(after)];
  const changes = ChangeSet.of(changesBetween(from, to), from.length);
  let inserted = 0;
  changes.iterChanges((_fromA, _toA, _fromB, _toB, text) => (inserted += text.length));
  return { text: changes.apply(from).toString(), inserted };
}

test.each([
  ["", "a"],
  ["a", ""],
  ["a\nb\nc", "a\nc"],
  ["a\nc", "a\nb\nc"],
  ["a\nb", "a\nb\n"],
  ["a\nb\n", "a\nb"],
  ["a\nb", "b"],
  ["a", "b\na\nb"],
  ["one\ntwo\nthree\nfour", "one\n2\nthree\n4\nfive"],
  ["x\nx\nx", "x\ny\nx"],
])("the changes make %j into %j", (before, after) => {
  expect(changed(before, after).text).toBe(after);
});

test("random texts are made into each other", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const text = (): string => Array.from({ length: random(9) }, () => "abc".charAt(random(3)).repeat(random(3))).join("\n");
  for (let round = 0; round < 500; round += 1) {
    const [before, after] = [text(), text()];
    expect(changed(before, after).text).toBe(after);
  }
});

test("a renamed node changes nothing but its name, wherever it stands", () => {
  const before = "nodes:\n  leaf1:\n    kind: linux\nlinks:\n  - [leaf1:eth1, b:eth1]\n";
  expect(changed(before, before.replaceAll("leaf1", "edge1"))).toEqual({ text: before.replaceAll("leaf1", "edge1"), inserted: 8 });
});

test("texts without a line in common are one piece, however long they are", () => {
  const lines = (word: string): string[] => Array.from({ length: 5000 }, (_, index) => `${word} ${index}`);
  expect(hunks(lines("a"), lines("b"))).toHaveLength(1);
});

test("how lines end is kept", () => {
  expect([separatorOf("a\r\nb\r\n"), separatorOf("a\nb"), separatorOf("a\r\nb\n"), separatorOf("")]).toEqual(["\r\n", "\n", "\n", "\n"]);
  expect(asLines("a\r\nb").toJSON()).toEqual(["a", "b"]);
  expect(asLines("a\r\nb\n").toJSON()).toEqual(["a\r", "b", ""]);
});

test("places count characters, also those beyond the first plane", () => {
  const text = doc("name: 🦀🦀 x\nb");
  expect(text.sliceString(offsetOf(text, { line: 1, column: 10 }))).toBe("x\nb");
  expect(placeOf(text, offsetOf(text, { line: 1, column: 10 }))).toEqual({ line: 1, column: 10 });
  expect([offsetOf(text, { line: 9, column: 1 }), offsetOf(text, { line: 2, column: 99 })]).toEqual([text.length, text.length]);
});

test("a comparison shows what differs with its surroundings, and leaves out the rest", () => {
  const a = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
  const b = ["1", "2", "3", "4", "five", "6", "7", "8", "9", "10"];
  expect(compared(a, b, 1).map(({ sign, text }) => `${sign} ${text}`)).toEqual(["gap ", "same 4", "first 5", "second five", "same 6", "gap ", "same 9", "second 10"]);
  expect(compared(a, a, 1)).toEqual([]);
});
