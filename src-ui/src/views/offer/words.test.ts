import { expect, test } from "vitest";
import { offers } from "../../backend/fake/offers";
import type { OfferedFile } from "../../backend/generated/OfferedFile";
import { imagesOf, labWords } from "./words";

test("a lab is told from what is imported, with what will happen to it", () => {
  expect(labWords({ type: "lab", name: "dc1", labs: 1, opens: true })).toBe("lab dc1, opens it");
  expect(labWords({ type: "lab", name: "dc1", labs: 1, opens: false })).toBe("lab dc1, goes on the list");
  expect(labWords({ type: "lab", name: "labs", labs: 12, opens: false })).toBe("12 labs, go on the list");
  const lab: OfferedFile = { source: "/home/ada/dc1.clab.yml", name: "dc1.clab.yml", verdict: { type: "lab", name: "dc1", labs: 1, opens: true } };
  const { dragged } = offers();
  expect(imagesOf({ ...dragged, files: [...dragged.files, lab] })).toEqual(dragged.files);
});
