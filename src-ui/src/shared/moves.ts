/** Where a key leads in a list of `count` rows from row `from` (-1 for none); null if the key leads nowhere. */
export function destination(key: string, from: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const clamp = (row: number): number => Math.min(count - 1, Math.max(0, row));
  switch (key) {
    case "ArrowDown":
      return clamp(from + 1);
    case "ArrowUp":
      return clamp(from < 0 ? count - 1 : from - 1);
    case "PageDown":
      return clamp(Math.max(from, 0) + page);
    case "PageUp":
      return clamp(from - page);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
