/**
 * Where in a topology's file a cursor stands. Lines are read one by one up to the cursor, and a line that is no YAML
 * spoils nothing but itself: a text that is being typed is seldom whole.
 */

/** An item of a list, in a path. */
export const ITEM = "-";

/** What is to come at a cursor. */
export interface Standing {
  /** The keys above it, the outermost first, with `-` for an item of a list. */
  path: string[];
  /** A key, the value of one, or an item of a list, which may begin with a key too. */
  what: "key" | "value" | "item";
  /** The key whose value it is, or whose list the item is in; empty for a key. */
  key: string;
  /** What of it stands before the cursor, without a quote. */
  typed: string;
  /** Where that begins in the line. */
  from: number;
  /** Keys that the same map has before it. */
  beside: string[];
  /** Whether it is in braces or brackets. */
  isFlow: boolean;
  /** The value of the `node` that stands before it, the nearest. */
  node: string;
}

interface Level {
  /** The column of its key or dash. */
  indent: number;
  name: string;
  /** Keys below it so far. */
  children: string[];
}

interface Frame {
  isMap: boolean;
  /** The key whose value is being read. */
  key: string | null;
  children: string[];
}

const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s#[\]{},"'&*!|>%@`-][^#:]*?|-[^\s#:][^#:]*?))\s*:(?=\s|$)\s*/;
const DASH = /^-(\s+|$)/;
const PREFIX = /^(?:[&!]\S*\s+)+/;
const COMMENT = /(?:^|\s)#/;

/** Where the cursor stands after `column` characters of a line; null where nothing of ours can come. Lines count from 0. */
export function standingAt(lines: readonly string[], line: number, column: number): Standing | null {
  const scan = new Scan();
  for (const text of lines.slice(0, line)) scan.take(text, false);
  return scan.take((lines[line] ?? "").slice(0, column), true);
}

/** Keys of the same block below a line: those at `indent`, until something stands further out. */
export function keysBelow(lines: readonly string[], line: number, indent: number): string[] {
  const keys: string[] = [];
  for (const text of lines.slice(line + 1)) {
    const column = text.search(/\S/);
    if (column < 0 || text[column] === "#") continue;
    if (column < indent || (column === indent && DASH.test(text.slice(column)))) break;
    const key = column === indent ? keyOf(KEY.exec(text.slice(column))) : null;
    if (key !== null) keys.push(key);
  }
  return keys;
}

/** The keys right below a place such as `topology.groups`, in all of a text. */
export function keysAt(lines: readonly string[], place: string): string[] {
  const scan = new Scan(place);
  for (const text of lines) scan.take(text, false);
  return [...scan.found];
}

function keyOf(found: RegExpExecArray | null): string | null {
  return found ? (found[1] ?? found[2] ?? found[3] ?? "") : null;
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, "$2");
}

/** Reads lines from the top, and knows after each what is open. */
class Scan {
  #root: Level = { indent: -1, name: "", children: [] };
  #levels: Level[] = [];
  #frames: Frame[] = [];
  /** The column of the key whose braces are open: what stands no further in is outside of them. */
  #base = 0;
  /** The column of the key whose text goes over lines; -1 where none does. */
  #text = -1;
  #node = "";
  #place: string | null;
  /** Keys right below the place that is looked at. */
  readonly found = new Set<string>();

  constructor(place: string | null = null) {
    this.#place = place;
  }

  /** Reads a line. Of the last one, which ends at the cursor, it tells what is to come. */
  take(text: string, isLast: boolean): Standing | null {
    const indent = text.search(/\S|$/);
    const isBlank = indent === text.length;
    if (isBlank && !isLast) return null;
    if (this.#text >= 0 && indent > this.#text) return null;
    this.#text = -1;
    if (this.#frames.length && (indent > this.#base || isBlank)) return this.#flow(text, indent);
    this.#frames = [];
    return text[indent] === "#" ? null : this.#block(text, indent);
  }

  #block(text: string, indent: number): Standing | null {
    const isItem = DASH.test(text.slice(indent));
    this.#leave(indent, isItem);
    let at = indent;
    for (let dash = DASH.exec(text.slice(at)); dash; dash = DASH.exec(text.slice(at))) {
      this.#levels.push({ indent: at, name: ITEM, children: [] });
      at += dash[0].length;
      if (dash[1] === "") return null;
    }
    const found = KEY.exec(text.slice(at));
    const key = keyOf(found);
    if (!found || key === null) return this.#rest(text, at, at, isItem ? "item" : "key");
    this.#find(key);
    this.#parent.children.push(key);
    this.#levels.push({ indent: at, name: key, children: [] });
    const from = at + found[0].length;
    return this.#rest(text, from, at, /\s$/.test(found[0]) || from < text.length ? "value" : null);
  }

  /** What stands after a key or a dash, or in a line without either. `base` is the column that it belongs to. */
  #rest(text: string, from: number, base: number, what: Standing["what"] | null): Standing | null {
    const start = from + (PREFIX.exec(text.slice(from))?.[0].length ?? 0);
    const rest = text.slice(start);
    if (/^[|>][-+\d]*\s*(?:#.*)?$/.test(rest)) {
      this.#text = this.#levels.at(-1)?.indent ?? -1;
      return null;
    }
    if (/^[[{]/.test(rest)) {
      this.#base = what === "item" ? (this.#levels.at(-1)?.indent ?? base) : base;
      return this.#flow(text, start);
    }
    const quote = /^["']/.exec(rest)?.[0] ?? "";
    const typed = rest.slice(quote.length);
    const ends = quote ? typed.indexOf(quote) : typed.search(COMMENT);
    const value = ends < 0 ? typed : typed.slice(0, ends);
    if (what === "value" && this.#levels.at(-1)?.name === "node") this.#node = value.trim();
    return what === null || ends >= 0 ? null : this.#standing(what, value, start + quote.length);
  }

  #flow(text: string, begin: number): Standing | null {
    let start = begin;
    let quote = "";
    for (let at = begin; at < text.length; at += 1) {
      const character = text.charAt(at);
      const frame = this.#frames.at(-1);
      const token = text.slice(start, at);
      if (quote) {
        if (character === "\\" && quote === '"') at += 1;
        else if (character === quote) quote = "";
        continue;
      }
      if (/["']/.test(character) && token.trim() === "") quote = character;
      else if (character === "#" && COMMENT.test(text.slice(at - 1, at + 1))) return null;
      else if (character === "{" || character === "[") this.#frames.push({ isMap: character === "{", key: null, children: [] });
      else if (character === "}" || character === "]") this.#close(token);
      else if (character === ",") this.#next(token);
      else if (character === ":" && frame?.isMap && frame.key === null && /^(?:\s|$)/.test(text.slice(at + 1))) this.#name(frame, token);
      else continue;
      if (!quote) start = at + 1;
      if (this.#frames.length === 0) return null;
    }
    const token = text.slice(start);
    const lead = /^\s*["']?/.exec(token)?.[0] ?? "";
    const isEnded = !quote && /["']$/.test(lead);
    const frame = this.#frames.at(-1);
    if (!frame || isEnded) return null;
    const what = !frame.isMap ? "item" : frame.key === null ? "key" : "value";
    return this.#standing(what, token.slice(lead.length), start + lead.length);
  }

  /** An entry of braces or brackets ends. */
  #next(token: string): void {
    const frame = this.#frames.at(-1);
    if (frame?.key === "node") this.#node = unquoted(token);
    if (frame) frame.key = null;
  }

  #close(token: string): void {
    this.#next(token);
    this.#frames.pop();
  }

  #name(frame: Frame, token: string): void {
    const key = unquoted(token);
    this.#find(key);
    frame.key = key;
    frame.children.push(key);
  }

  /** Goes out of all levels that a line at this column is not in. A list may stand as far out as its key. */
  #leave(indent: number, isItem: boolean): void {
    this.#levels = this.#levels.filter((level) => level.indent < indent || (isItem && level.indent === indent && level.name !== ITEM));
  }

  get #parent(): Level {
    return this.#levels.at(-1) ?? this.#root;
  }

  #standing(what: Standing["what"], typed: string, from: number): Standing {
    const path = [...this.#levels.map(({ name }) => name), ...this.#inside()];
    const isFlow = this.#frames.length > 0;
    const key = what === "value" ? (path.pop() ?? "") : what === "item" ? (path.findLast((name) => name !== ITEM) ?? "") : "";
    const beside = isFlow ? (this.#frames.at(-1)?.children ?? []) : what === "value" ? [] : this.#parent.children;
    return { path, what, key, typed, from, beside: [...beside], isFlow, node: this.#node };
  }

  #find(key: string): void {
    if (this.#place !== null && [...this.#levels.map(({ name }) => name), ...this.#inside()].join(".") === this.#place) this.found.add(key);
  }

  /** The path inside of braces and brackets. */
  #inside(): string[] {
    return this.#frames.flatMap(({ isMap, key }) => (isMap ? (key === null ? [] : [key]) : [ITEM]));
  }
}
