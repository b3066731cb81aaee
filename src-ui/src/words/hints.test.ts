import { expect, test } from "vitest";
import { hintsHere } from "./hints";

test.each([
  ["patchbay_silent", "lw lab deploy makes it anew; lw lab doctor dc1 says what else is wrong.", "Apply the lab's file again: it makes the patchbay anew, and all links with it."],
  ["node_not_ready", "The lab was kept to be looked at: lw lab doctor dc1, lw logs dc1 leaf2, lw lab destroy dc1.", "The lab was kept to be looked at."],
  ["lab_parts", "Start what does not run, and save again: lw node start dc1 leaf1", "Start what does not run, and save again."],
  ["node_ended", "Give it more memory, or run fewer nodes.", "Give it more memory, or run fewer nodes."],
  ["node_program_not_started", "lw exec dc1 leaf1 -- ls /bin shows what there is.", "lw exec dc1 leaf1 -- ls /bin shows what there is."],
])("of %s, %s", (code, hint, said) => {
  expect(hintsHere({ code, hints: [hint] })).toEqual([said]);
});

test("what two commands have in common is said once", () => {
  expect(hintsHere({ code: "image_missing", hints: ["lw pull a, or lw import FILE --as a", "lw pull b, or lw import FILE --as b", "Look again."] })).toEqual(["Pull it, or import a file under its name.", "Look again."]);
});
