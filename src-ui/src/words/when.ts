/** Moments as people name them, in their own time zone. */

const DAY = 86_400_000;

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const year = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** `12:04` today, `yesterday, 17:02`, `3 Nov, 12:04`, `3 Nov 2025`. */
export function moment(then: number, now: number): string {
  const today = startOfDay(now);
  const time = clock.format(then);
  if (then >= today) return time;
  // Half a day back from midnight is yesterday, also where a day has 23 or 25 hours.
  if (then >= startOfDay(today - DAY / 2)) return `yesterday, ${time}`;
  return sameYear(then, now) ? `${day.format(then)}, ${time}` : year.format(then);
}

/** `today`, `yesterday`, `3 Nov`, `3 Nov 2025`: where the hour does not matter. */
export function date(then: number, now: number): string {
  const today = startOfDay(now);
  if (then >= today) return "today";
  if (then >= startOfDay(today - DAY / 2)) return "yesterday";
  return sameYear(then, now) ? day.format(then) : year.format(then);
}

/** The whole of it, for details: `3 Nov 2026, 12:04:31`. */
export function exact(then: number): string {
  return `${year.format(then)}, ${seconds.format(then)}`;
}

/** The time of a line of output: `12:04:31`. */
export function timeOfDay(then: number): string {
  return seconds.format(then);
}

function startOfDay(of: number): number {
  return new Date(of).setHours(0, 0, 0, 0);
}

function sameYear(one: number, other: number): boolean {
  return new Date(one).getFullYear() === new Date(other).getFullYear();
}
