/** How two texts differ, line by line. */

/** Lines `from` to `to` of the one text, the latter not included, are `lines` in the other. */
export interface Hunk {
  from: number;
  to: number;
  lines: string[];
}

/** A line of a comparison: in both texts, only in the first, only in the second; or lines that are left out. */
export interface ComparedLine {
  sign: "same" | "first" | "second" | "gap";
  text: string;
}

/** Beyond this many comparisons what differs is taken as one piece. */
const MOST_WORK = 4_000_000;

/** What makes the lines `a` into `b`, in their order. */
export function hunks(a: readonly string[], b: readonly string[]): Hunk[] {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const [left, right] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  if (left.length === 0 && right.length === 0) return [];
  if (left.length * right.length > MOST_WORK) return [{ from: head, to: head + left.length, lines: right }];
  return between(left, right).map(({ from, to, lines }) => ({ from: from + head, to: to + head, lines }));
}

/** By the longest sequence of lines that both have. */
function between(a: readonly string[], b: readonly string[]): Hunk[] {
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const length = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const found: Hunk[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [fromA, fromB] = [i, j];
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
      if (j >= b.length || (i < a.length && length(i + 1, j) >= length(i, j + 1))) i += 1;
      else j += 1;
    }
    if (i > fromA || j > fromB) found.push({ from: fromA, to: i, lines: b.slice(fromB, j) });
    while (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
  }
  return found;
}

/** The lines that differ, each with `context` lines around it. */
export function compared(a: readonly string[], b: readonly string[], context: number): ComparedLine[] {
  const shown: ComparedLine[] = [];
  let at = 0;
  const same = (to: number): void => {
    for (const text of a.slice(at, to)) shown.push({ sign: "same", text });
    at = to;
  };
  for (const { from, to, lines } of hunks(a, b)) {
    if (shown.length) same(Math.min(from, at + context));
    if (from - context > at) {
      shown.push({ sign: "gap", text: "" });
      at = from - context;
    }
    same(from);
    for (const text of a.slice(from, to)) shown.push({ sign: "first", text });
    for (const text of lines) shown.push({ sign: "second", text });
    at = to;
  }
  if (shown.length) same(Math.min(a.length, at + context));
  return shown;
}
