/** The two letters that stand for a kind of node. */

const LETTERS: Record<string, string> = {
  arista_ceos: "aE",
  cisco_xrd: "xR",
  cisco_xrd_vrouter: "xV",
  juniper_crpd: "cR",
  juniper_cjunosevolved: "cJ",
  "sonic-vs": "sN",
  vyosnetworks_vyos: "vY",
  nokia_srlinux: "sL",
  linux: "lx",
};

/** A kind of the user's own gets the first two letters of its product: `vendor_router` is `ro`. */
export function letters(kind: string | null): string {
  if (kind === null) return "?";
  return LETTERS[kind] ?? (kind.split("_").pop() ?? kind).slice(0, 2);
}
