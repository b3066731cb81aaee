/** Numbers as people read them, in the same words as `lw`. Amounts are cut, never rounded up: what is shown was reached. */

import type { Progress } from "../backend/generated/Progress";

const SIZES = [
  ["TiB", 2 ** 40],
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
  ["KiB", 2 ** 10],
] as const;

/** A number of bytes in three digits: `462 MiB`, `2.60 GiB`. */
export function bytes(amount: number): string {
  const unit = SIZES.find(([, size]) => amount >= size);
  if (!unit) return `${amount} B`;
  const [name, size] = unit;
  const whole = Math.floor(amount / size);
  // The sizes are powers of two, so nothing is lost in the remainder.
  const hundredths = Math.floor(((amount % size) * 100) / size);
  if (whole < 10) return `${whole}.${String(hundredths).padStart(2, "0")} ${name}`;
  if (whole < 100) return `${whole}.${Math.floor(hundredths / 10)} ${name}`;
  return `${whole} ${name}`;
}

/** A time that passed, in milliseconds: `0.3 s`, `41 s`, `2 m 10 s`, `1 h 02 m`, `3 d 4 h`. */
export function duration(milliseconds: number): string {
  const passed = Math.max(0, milliseconds);
  if (passed >= 10_000) return wholeSeconds(Math.floor(passed / 1000));
  return `${Math.floor(passed / 1000)}.${Math.floor((passed % 1000) / 100)} s`;
}

/** A time in whole seconds: `8 s`, `2 m 10 s`. */
export function wholeSeconds(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${minutes} m ${two(seconds % 60)} s`;
  if (seconds < 86_400) return `${hours} h ${two(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long ago something was, in one unit: `40 s`, `5 m`, `3 h`, `12 d`. */
export function age(then: number, now: number): string {
  const seconds = Math.floor(Math.max(0, now - then) / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/**
 * How far a step is: `231 of 462 MiB`, `980 MiB of 2.41 GiB`, `1 item`, `3 items`.
 *
 * The figures are `lw`'s; a unit that both have is said once, because a row here has less room than a line there.
 */
export function amount(progress: Progress): string {
  const one = (count: number): string => {
    if (progress.unit === "bytes") return bytes(count);
    return progress.unit === "items" ? String(count) : wholeSeconds(count);
  };
  if (progress.total === null) {
    if (progress.unit !== "items") return one(progress.done);
    return progress.done === 1 ? "1 item" : `${progress.done} items`;
  }
  const [done, total] = [one(progress.done), one(progress.total)];
  if (progress.unit !== "bytes") return `${done} of ${total}`;
  const [figure, unit] = done.split(" ");
  return total.endsWith(` ${unit}`) ? `${figure} of ${total}` : `${done} of ${total}`;
}

/** The same to the byte, for those who want to compare: `388,976,640 of 618,659,840 bytes`; none of what is no bytes. */
export function exact(progress: Progress | null): string | null {
  if (progress?.unit !== "bytes") return null;
  const figures = [progress.done, progress.total].filter((figure) => figure !== null);
  return `${figures.map((figure) => figure.toLocaleString("en")).join(" of ")} bytes`;
}

/** How fast a step is, where that was measured: `38.4 MiB/s`. Of things that take longer each, their count says more. */
export function rate(progress: Progress): string | null {
  if (progress.rate === null || progress.unit === "seconds") return null;
  if (progress.unit === "bytes") return `${bytes(progress.rate)}/s`;
  return progress.rate > 0 ? `${progress.rate}/s` : null;
}

/** How long a step will still take at its rate; null where total or rate is unknown, or nothing moves. */
export function timeLeft(progress: Progress): string | null {
  if (!progress.rate || progress.total === null) return null;
  const seconds = Math.ceil(Math.max(0, progress.total - progress.done) / progress.rate);
  return seconds > 0 ? `${wholeSeconds(seconds)} left` : null;
}

/** Whether counting up means that something moved. Time passes by itself. */
export function showsMovement(progress: Progress): boolean {
  return progress.unit !== "seconds";
}

/** `1 image`, `7 images`, `1,000 images`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** The parts that are there, with a dot between them. */
export function joined(parts: (string | null | undefined | false)[]): string {
  return parts.filter(Boolean).join(" · ");
}
