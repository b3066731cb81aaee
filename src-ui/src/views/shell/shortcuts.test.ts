import { expect, test } from "vitest";
import { destination } from "../../shared/moves";
import { sourcesIn } from "./shortcuts";

test.each([
  ["/home/ada/a.tar", ["/home/ada/a.tar"]],
  ["  '/home/ada/with space.tar'\n", ["/home/ada/with space.tar"]],
  ["https://example.net/a.tar.xz", ["https://example.net/a.tar.xz"]],
  ["# a list\r\nfile:///home/ada/a.tar\r\nfile:///home/ada/b.tar", ["file:///home/ada/a.tar", "file:///home/ada/b.tar"]],
  ["~/a.tar", ["~/a.tar"]],
  ["some words", []],
  ["/home/ada/a.tar\nand some words", []],
  ["", []],
  ["//", []],
])("in %j the paths and URLs are %j", (text, sources) => {
  expect(sourcesIn(text)).toEqual(sources);
});

test.each([
  ["ArrowDown", -1, 0],
  ["ArrowDown", 9, 9],
  ["ArrowUp", -1, 9],
  ["ArrowUp", 0, 0],
  ["PageDown", 3, 7],
  ["PageUp", 3, 0],
  ["Home", 5, 0],
  ["End", 5, 9],
  ["a", 5, null],
])("%s leads from row %i to %j", (key, from, to) => {
  expect(destination(key, from, 10, 4)).toBe(to);
});

test("an empty list has no rows to go to", () => {
  expect(destination("End", -1, 0, 4)).toBeNull();
});
