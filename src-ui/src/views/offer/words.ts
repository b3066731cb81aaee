import type { Offer } from "../../backend/generated/Offer";
import type { OfferedFile } from "../../backend/generated/OfferedFile";
import type { Proposal } from "../../backend/generated/Proposal";
import type { Verdict } from "../../backend/generated/Verdict";
import { bytes, count, joined } from "../../words/units";

/** `Arista cEOS 4.36.0F · amd64 · root file system, xz`. What is not recognised has no title but the file's name. */
export function description(proposal: Proposal): string {
  const what = proposal.kind ? [proposal.title, proposal.version].filter(Boolean).join(" ") : "Not recognised";
  const packed = [proposal.shape, proposal.compression].filter(Boolean).join(", ");
  return joined([what, proposal.architecture, packed, proposal.length !== null && bytes(proposal.length)]);
}

/** `lab dc1, opens it`, `12 labs, go on the list`. */
export function labWords({ name, labs, opens }: Extract<Verdict, { type: "lab" }>): string {
  if (opens) return `lab ${name}, opens it`;
  return labs === 1 ? `lab ${name}, goes on the list` : `${count(labs, "lab")}, go on the list`;
}

/** What is not a lab: to be imported. */
export function imagesOf(offer: Offer): OfferedFile[] {
  return offer.files.filter(({ verdict }) => verdict.type !== "lab");
}

/** `3 files · 48 GiB free, 5.1 GiB needed`: what is needed at least, where it was measured. */
export function summary(offer: Offer): string {
  const lengths = offer.files.map((file) => ("proposal" in file.verdict ? (file.verdict.proposal.length ?? 0) : 0));
  const needed = lengths.reduce((sum, length) => sum + length, 0);
  const space = [
    offer.free_space !== null && `${bytes(offer.free_space)} free`,
    needed > 0 && `${bytes(needed)} to send`,
  ];
  const files = count(offer.files.length + offer.left_out, "file");
  return joined([files, space.filter(Boolean).join(", ")]);
}
