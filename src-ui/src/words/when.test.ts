import { expect, test } from "vitest";
import { date, moment } from "./when";

const at = (month: number, day: number, hour: number, year = 2026): number => new Date(year, month - 1, day, hour, 4).getTime();
const NOW = at(11, 21, 12);

test.each([
  [at(11, 21, 9), "09:04", "today"],
  [at(11, 21, 0), "00:04", "today"],
  [at(11, 20, 23), "yesterday, 23:04", "yesterday"],
  [at(11, 20, 0), "yesterday, 00:04", "yesterday"],
  [at(11, 19, 23), "19 Nov, 23:04", "19 Nov"],
  [at(12, 31, 10, 2025), "31 Dec 2025", "31 Dec 2025"],
])("moments as people name them", (then, named, day) => {
  expect([moment(then, NOW), date(then, NOW)]).toEqual([named, day]);
});
