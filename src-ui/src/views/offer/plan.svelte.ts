import type { ImportWish } from "../../backend/generated/ImportWish";
import type { OfferedFile } from "../../backend/generated/OfferedFile";
import type { Proposal } from "../../backend/generated/Proposal";
import type { KindEntry } from "../../backend/generated/KindEntry";
import { referenceProblem } from "../../words/reference";

/** What the user wants of one offered file; it begins with what the program proposes. */
export class Plan {
  readonly source: string;
  readonly name: string;
  /** It may change while the user decides: an engine goes, a name is taken. */
  proposal: Proposal;
  /** Whether it is to be imported. */
  wanted: boolean = $state(true);
  reference: string = $state("");
  kind: string = $state("");
  replace: boolean = $state(false);

  constructor(file: OfferedFile, proposal: Proposal) {
    this.source = file.source;
    this.name = file.name;
    this.proposal = $state.raw(proposal);
    this.reference = proposal.reference ?? "";
    this.kind = proposal.kind ?? "";
    this.wanted = proposal.fits;
  }

  /** Whether the name is that of another image; a new name may be, and the import says so then. */
  get isTaken(): boolean {
    return this.proposal.taken !== null && this.reference === this.proposal.reference;
  }

  /** Without a reference the archive's own names are kept, if it has some. */
  get keepsOwnNames(): boolean {
    return this.reference === "" && this.proposal.own_references.length > 0;
  }

  /** What is wrong with it; null if it can be imported so. */
  get problem(): string | null {
    return this.keepsOwnNames ? null : referenceProblem(this.reference);
  }

  get isReady(): boolean {
    return this.problem === null && (!this.isTaken || this.replace);
  }

  /** Takes another kind, and with it the reference that the kind proposes, unless the user wrote one himself. */
  choose(kind: string, kinds: KindEntry[]): void {
    const isOwn = this.reference !== (this.proposal.reference ?? "") && !kinds.some((known) => this.reference === this.#proposed(known));
    this.kind = kind;
    const entry = kinds.find((known) => known.name === kind);
    if (entry && !isOwn) this.reference = this.#proposed(entry);
  }

  get wish(): ImportWish {
    return {
      source: this.source,
      reference: this.keepsOwnNames ? null : this.reference,
      kind: this.kind || null,
      replace: this.isTaken && this.replace,
    };
  }

  #proposed(entry: KindEntry): string {
    return entry.reference.replace("{version}", this.proposal.version ?? "latest");
  }
}
