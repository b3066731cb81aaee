import type { Offer } from "../../../backend/generated/Offer";

/** What plans are called. */
const PLAN = /\.(csv|json|toml)$/i;

/** The one plan among files that were dropped; null where something else was. */
export function planIn(offer: Offer | null): string | null {
  const [file] = offer?.files ?? [];
  return file && offer?.files.length === 1 && PLAN.test(file.source) ? file.source : null;
}
