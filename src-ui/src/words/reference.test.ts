import { expect, test } from "vitest";
import { referenceProblem } from "./reference";

test.each([
  "ceos:4.35.1F",
  "ceos",
  "quay.io/frrouting/frr:10.5.1",
  "registry.lab:5000/network/ceos64-lab:4.35.1F",
  "localhost/image:1",
  "a__b/c-d.e:_tag",
])("%s is a reference", (text) => {
  expect(referenceProblem(text)).toBeNull();
});

test.each([
  ["", "needs a name"],
  ["ceos 4", "no spaces"],
  ["https://quay.io/frr", "no https://"],
  ["cEOS:1", "small letters: ceos"],
  ["ceos:", "a tag is missing"],
  ["ceos:-1", "begins with none"],
  [`ceos:${"1".repeat(129)}`, "at most 128"],
  ["a//b", "a name is missing"],
  ["ceos@sha256:0", "computed"],
  ["a..b", "is no name"],
  ["bad_host.x/y:1", "is no registry"],
])("%s is none: %s", (text, problem) => {
  expect(referenceProblem(text)).toContain(problem);
});
