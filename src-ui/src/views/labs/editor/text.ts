/** Places and changes of a text. Lines are separated by one character here, however the file does it. */

import { Text, type ChangeSpec } from "@codemirror/state";
import type { TextPlace } from "../../../backend/generated/TextPlace";
import { hunks } from "./diff";

/** How a file ends its lines. Where it does so in two ways, what is odd stays in the lines. */
export function separatorOf(text: string): string {
  const breaks = text.split("\n").length - 1;
  return breaks > 0 && text.split("\r\n").length - 1 === breaks ? "\r\n" : "\n";
}

/** A file's text in lines. */
export function asLines(text: string): Text {
  return Text.of(text.split(separatorOf(text)));
}

/** Where a place is in a text; the nearest there is, if the text has become shorter. A place counts characters, the text UTF-16. */
export function offsetOf(doc: Text, place: TextPlace): number {
  if (place.line > doc.lines) return doc.length;
  const line = doc.line(Math.max(1, place.line));
  const before = [...line.text].slice(0, Math.max(0, place.column - 1));
  return line.from + before.join("").length;
}

/** The place of an offset. */
export function placeOf(doc: Text, offset: number): TextPlace {
  const line = doc.lineAt(offset);
  return { line: line.number, column: [...line.text.slice(0, offset - line.from)].length + 1 };
}

/** What makes one text into another and touches as little as possible, so that cursors and marks stay where they are. */
export function changesBetween(before: Text, after: Text): ChangeSpec[] {
  return hunks(before.toJSON(), after.toJSON()).map(({ from, to, lines }) => {
    const touchesEnd = to === before.lines;
    const begin = from === before.lines ? before.length : before.line(from + 1).from - (touchesEnd && from > 0 ? 1 : 0);
    const end = touchesEnd ? before.length : before.line(to + 1).from;
    const insert = touchesEnd ? lines.map((line, index) => (from > 0 || index > 0 ? `\n${line}` : line)).join("") : lines.map((line) => `${line}\n`).join("");
    return narrowed(before.sliceString(begin, end), insert, begin);
  });
}

/** A replacement without what is the same at its two ends. */
function narrowed(old: string, insert: string, begin: number): ChangeSpec {
  const most = Math.min(old.length, insert.length);
  let head = 0;
  while (head < most && old[head] === insert[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === insert.at(-1 - tail)) tail += 1;
  const text = insert.slice(head, insert.length - tail);
  return { from: begin + head, to: begin + old.length - tail, insert: Text.of(text.split("\n")) };
}
