/** Impairments as people write them, in milliseconds, percent and megabits, and as the patchbay takes them. */

import type { LinkImpairments } from "../../../backend/generated/LinkImpairments";

export interface ImpairmentTexts {
  delay: string;
  jitter: string;
  loss: string;
  corruption: string;
  rate: string;
}

interface Field {
  id: keyof ImpairmentTexts;
  label: string;
  unit: string;
  /** How many of what the patchbay counts are one of these. */
  factor: number;
  most: number;
  key: keyof LinkImpairments;
}

export const FIELDS: Field[] = [
  { id: "delay", label: "Delay", unit: "ms", factor: 1000, most: 60_000, key: "delay_us" },
  { id: "jitter", label: "Jitter", unit: "ms", factor: 1000, most: 60_000, key: "jitter_us" },
  { id: "loss", label: "Loss", unit: "%", factor: 10_000, most: 100, key: "loss_ppm" },
  { id: "corruption", label: "Corruption", unit: "%", factor: 10_000, most: 100, key: "corruption_ppm" },
  { id: "rate", label: "Rate", unit: "Mbit/s", factor: 1_000_000, most: 400_000, key: "rate_bps" },
];

export const NONE: LinkImpairments = { delay_us: 0, jitter_us: 0, loss_ppm: 0, corruption_ppm: 0, rate_bps: 0 };

/** An empty field stands for nothing. */
export function textsOf(impairments: LinkImpairments): ImpairmentTexts {
  const text = (field: Field): string => (impairments[field.key] === 0 ? "" : String(impairments[field.key] / field.factor));
  return Object.fromEntries(FIELDS.map((field) => [field.id, text(field)])) as Record<keyof ImpairmentTexts, string>;
}

/** What the texts say, or what is wrong with the first that says nothing that can be done. */
export function impairmentsOf(texts: ImpairmentTexts): { impairments: LinkImpairments } | { field: keyof ImpairmentTexts; problem: string } {
  const impairments = { ...NONE };
  for (const { id, label, unit, factor, most, key } of FIELDS) {
    const text = texts[id].trim().replace(",", ".");
    const value = text === "" ? 0 : Number(text);
    if (!/^(?:\d+\.?\d*|\.\d+)?$/.test(text)) return { field: id, problem: `${label} is a number of ${unit}.` };
    if (value > most) return { field: id, problem: `${label} is at most ${most.toLocaleString("en")} ${unit}.` };
    impairments[key] = Math.round(value * factor);
  }
  if (impairments.jitter_us > impairments.delay_us) return { field: "jitter", problem: "The delay cannot vary by more than itself." };
  return { impairments };
}
