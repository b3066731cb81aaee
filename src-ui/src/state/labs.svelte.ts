import type { EndRate } from "../backend/generated/EndRate";
import type { LabSummary } from "../backend/generated/LabSummary";
import type { LabTraffic } from "../backend/generated/LabTraffic";
import type { LabView } from "../backend/generated/LabView";
import type { LabsState } from "../backend/generated/LabsState";

const NO_RATES: ReadonlyMap<string, EndRate> = new Map();

/** The labs, the one that is open, and what passes its links. */
export class Labs {
  state: LabsState = $state.raw({ engine: null, listed: false, labs: [], elsewhere: [], error: null });
  /** The lab that the user opened, which may not have been told yet. */
  key: string | null = $state(null);
  /** What passes ends of the open lab's links; ends that nothing passes are left out. */
  rates: ReadonlyMap<string, EndRate> = $state.raw(NO_RATES);
  #told: LabView | null = $state.raw(null);
  /** When the open lab was told last, in milliseconds. */
  toldAt: number = $state(0);

  /** Jobs on labs of another engine, which may have the same names. */
  readonly elsewhere: ReadonlySet<string> = $derived.by(() => new Set(this.state.elsewhere));

  get all(): LabSummary[] {
    return this.state.labs;
  }

  /** The open lab; null while none is, or it was not told yet. */
  get open(): LabView | null {
    return this.#told?.key === this.key ? this.#told : null;
  }

  get(key: string): LabSummary | undefined {
    return this.state.labs.find((lab) => lab.key === key);
  }

  /** Begins with what the program knows, or begins again. A lab that it has open at first is open here, too. */
  begin(labs: LabsState, open: LabView | null, isFirst: boolean): void {
    this.state = labs;
    if (isFirst) this.key = open?.key ?? null;
    this.tell(open);
    this.rates = NO_RATES;
  }

  /** The program told a lab. It may be one that the user has just left, or has not come to yet. */
  tell(lab: LabView | null): void {
    this.#told = lab;
    this.toldAt = Date.now();
  }

  measure(traffic: LabTraffic): void {
    const { key, name } = this.#told ?? { key: "", name: "" };
    const isOpen = traffic.lab !== "" && (traffic.lab === key || traffic.lab === name);
    if (traffic.ends.length === 0 && this.rates.size === 0) return;
    this.rates = isOpen ? new Map(traffic.ends.map((rate) => [rate.end, rate])) : NO_RATES;
  }
}
