import type { Row } from "./rows";

export const COLUMNS = [
  { id: "reference", title: "Reference" },
  { id: "kind", title: "Kind" },
  { id: "version", title: "Version" },
  { id: "architecture", title: "Architecture" },
  { id: "size", title: "Size" },
  { id: "source", title: "Source" },
  { id: "when", title: "When" },
  { id: "used", title: "Used by" },
] as const;

export type Column = (typeof COLUMNS)[number]["id"];

export interface Order {
  column: Column;
  descending: boolean;
}

/** `ceos:4.9` before `ceos:4.10`. */
const natural = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** What a first click on a column sorts by: the largest, the newest and the most used first. */
export function turned(order: Order, column: Column): Order {
  if (order.column === column) return { column, descending: !order.descending };
  return { column, descending: column === "size" || column === "when" || column === "used" };
}

/** The rows in order. Images without a name stay last, whichever way; what is unknown comes after what is known. */
export function sorted(rows: Row[], order: Order): Row[] {
  const sign = order.descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: keyOf(row, order.column) }));
  keyed.sort(
    (a, b) =>
      Number(b.row.tagged) - Number(a.row.tagged) ||
      Number(a.key === null) - Number(b.key === null) ||
      sign * compare(a.key, b.key) ||
      natural.compare(a.row.reference, b.row.reference),
  );
  return keyed.map(({ row }) => row);
}

/** The rows in which all words of `text` are found. */
export function found(rows: Row[], text: string): Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const haystack = searched(row);
    return words.every((word) => haystack.includes(word));
  });
}

function keyOf(row: Row, column: Column): string | number | null {
  const image = row.image;
  switch (column) {
    case "reference":
      return row.reference;
    case "kind":
      return image?.title ?? image?.kind ?? null;
    case "version":
      return image?.version ?? null;
    case "architecture":
      return image?.architecture ?? null;
    case "size":
      return image?.size ?? null;
    case "source":
      return image?.source ?? null;
    case "when":
      return image?.imported ?? image?.created ?? null;
    case "used":
      return image?.used_by.length ?? null;
  }
}

function compare(a: string | number | null, b: string | number | null): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return a === null || b === null ? 0 : natural.compare(String(a), String(b));
}

function searched(row: Row): string {
  const image = row.image;
  const parts = [row.reference, image?.id, image?.title, image?.kind, image?.version, image?.architecture, image?.source];
  return [...parts, ...(image?.used_by ?? [])].join(" ").toLowerCase();
}
