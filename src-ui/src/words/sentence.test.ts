import { expect, test } from "vitest";
import { sentence } from "./sentence";

test.each([
  ["cannot write the settings", "Cannot write the settings"],
  ["cEOS64-lab-4.33.0F.tar.xz is damaged", "cEOS64-lab-4.33.0F.tar.xz is damaged"],
  ["`a b` cannot be a reference", "`a b` cannot be a reference"],
  ["", ""],
])("%j begins as %j", (phrase, shown) => {
  expect(sentence(phrase)).toBe(shown);
});
