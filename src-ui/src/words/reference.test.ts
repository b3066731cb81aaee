import { expect, test } from "vitest";
import { fullName, namesRegistry, pullProblem, referenceProblem, registryOf, sameReference } from "./reference";

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
  ["Nokia/srlinux", "small letters: nokia"],
])("%s is none: %s", (text, problem) => {
  expect(referenceProblem(text)).toContain(problem);
});

const DIGEST = `sha256:${"0f".repeat(32)}`;

test.each([
  ["alpine", "docker.io/library/alpine:latest", "docker.io"],
  ["alpine:3", "docker.io/library/alpine:3", "docker.io"],
  ["nokia/srlinux", "docker.io/nokia/srlinux:latest", "docker.io"],
  ["index.docker.io/alpine:3", "docker.io/library/alpine:3", "docker.io"],
  ["docker.io/library/alpine:3", "docker.io/library/alpine:3", "docker.io"],
  ["ghcr.io/nokia/srlinux:24.10", "ghcr.io/nokia/srlinux:24.10", "ghcr.io"],
  ["registry.lab:5000/a/b", "registry.lab:5000/a/b:latest", "registry.lab:5000"],
  ["localhost/ceos:1", "localhost/ceos:1", "localhost"],
  [`alpine@${DIGEST}`, `docker.io/library/alpine@${DIGEST}`, "docker.io"],
  [`quay.io/a:1@${DIGEST}`, `quay.io/a:1@${DIGEST}`, "quay.io"],
])("%s means %s", (text, full, registry) => {
  expect(pullProblem(text)).toBeNull();
  expect([fullName(text), registryOf(text)]).toEqual([full, registry]);
  expect(sameReference(text, full)).toBe(true);
});

test.each([
  ["alpine@", "After the @"],
  ["alpine@sha256:12", "64 digits"],
  ["al pine", "no spaces"],
  ["docker://alpine", "no https://"],
  [`Alpine@${DIGEST}`, "small letters: alpine"],
  [`@${DIGEST}`, "needs a name"],
])("%s cannot be pulled: %s", (text, problem) => {
  expect(pullProblem(text)).toContain(problem);
});

test("a name says its registry, or it is short, or Podman's own", () => {
  expect(["ghcr.io/a:1", "localhost:5000/a:1", "a/b:1", "ceos:1", "localhost/ceos:1"].map(namesRegistry)).toEqual([true, true, false, false, false]);
});
