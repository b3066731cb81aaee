/** What can be written where, from the keys and kinds that the program knows, and from the lab itself. */

import type { KeyWord } from "../../../backend/generated/KeyWord";
import type { KindWord } from "../../../backend/generated/KindWord";
import type { LabLink } from "../../../backend/generated/LabLink";
import type { LabNode } from "../../../backend/generated/LabNode";
import type { LabWords } from "../../../backend/generated/LabWords";
import type { LibraryImage } from "../../../backend/generated/LibraryImage";
import { freePorts, nextPort } from "../links";
import { ITEM, type Standing } from "./standing";

/** All that words are taken from. */
export interface Known {
  words: LabWords;
  nodes: readonly LabNode[];
  links: LabLink[];
  /** Names of groups that the file has. */
  groups: readonly string[];
  images: readonly LibraryImage[];
}

/** A word that can stand at the cursor. */
export interface Offer {
  label: string;
  /** For the same line. */
  detail: string;
  /** A sentence about it. */
  about: string;
  /** What is written; a line break in it stands for one that is indented further. */
  writes: string;
  /** What is written behind the cursor. */
  closes: string;
  /** From -99 to 99: where among those that fit as well. */
  rank: number;
  /** Whether more is to come at once: the value of a key, the port of a node. */
  goesOn: boolean;
}

/** Where keys are the names of kinds. */
const KINDS = ["topology", "kinds"];

/** The key of a link's two ends, which are nearly always written in one line. */
export const ENDS = "endpoints";

/** What can stand in a node's place at the end of a link, outside of the lab. */
const OUTSIDE: [name: string, about: string][] = [
  ["host", "A port of the machine that the engine runs on."],
  ["mgmt-net", "A port of the management network's bridge."],
  ["macvlan", "A port of the machine, shared with the node."],
  ["dummy", "A port that leads nowhere."],
];

/** What can stand at a place, and where in what was typed it begins. */
export function offersAt(standing: Standing, known: Known): { offers: Offer[]; skip: number } {
  if (standing.what === "key") return { offers: keyOffers(standing, known), skip: 0 };
  if (standing.what === "item" && standing.key === ENDS) return endOffers(standing.typed, known);
  const values = valueOffers(standing, known);
  const keys = standing.what === "item" && !standing.isFlow ? keyOffers(standing, known) : [];
  return { offers: [...values, ...keys], skip: 0 };
}

/** What a word that stands there means; null for the user's own. `standing` is that of its end. */
export function meaningOf(standing: Standing, known: Known): { title: string; about: string } | null {
  const { what, key, typed } = standing;
  if (what === "value" && key === "kind") return kindMeaning(kindNamed(known.words, typed));
  if (what === "value") return null;
  const word = keysIn(known.words, standing.path).find((one) => one.key === typed);
  if (word) return { title: word.key, about: withValues(word) };
  return fits(KINDS.join("."), standing.path) ? kindMeaning(kindNamed(known.words, typed)) : null;
}

/** Whether a path is at a place such as `topology.nodes.*`, where items of lists may be counted or not. */
export function fits(within: string, path: readonly string[]): boolean {
  return fitsParts(within === "" ? [] : within.split("."), path);
}

function fitsParts([first, ...others]: string[], path: readonly string[]): boolean {
  const [name, ...below] = path;
  if (name === undefined) return first === undefined;
  if (name === ITEM && fitsParts(first === undefined ? [] : [first, ...others], below)) return true;
  return first !== undefined && (first === "*" || first === name) && fitsParts(others, below);
}

function keysIn(words: LabWords, path: readonly string[]): KeyWord[] {
  return words.keys.filter(({ within }) => fits(within, path));
}

function keyOffers(standing: Standing, { words }: Known): Offer[] {
  const keys = keysIn(words, standing.path).map((word) => {
    const isMap = words.keys.some(({ within }) => fits(within, [...standing.path, word.key]) || fits(within, [...standing.path, word.key, "*"]));
    const opensLine = isMap && !standing.isFlow;
    const form = word.key === ENDS ? { writes: `${ENDS}: ["`, closes: '"]', goesOn: true } : { writes: opensLine ? `${word.key}:\n` : `${word.key}: `, goesOn: !opensLine };
    return offer(word.key, { about: withValues(word), ...form });
  });
  const kinds = fits(KINDS.join("."), standing.path) ? words.kinds.map((kind) => ({ ...kindOffer(kind, kind.name), writes: standing.isFlow ? `${kind.name}: ` : `${kind.name}:\n` })) : [];
  return [...keys, ...kinds].filter(({ label }) => !standing.beside.includes(label));
}

function valueOffers(standing: Standing, known: Known): Offer[] {
  switch (standing.key) {
    case "kind":
      return known.words.kinds.flatMap((kind) => [kind.name, ...kind.aliases].map((name) => kindOffer(kind, name)));
    case "image":
      return known.images.flatMap((image) => image.references.map((name) => offer(name, { detail: image.title ?? "" })));
    case "group":
      return known.groups.map((name) => offer(name));
    case "node":
      return known.nodes.map((node) => offer(node.name, { detail: node.kind_title }));
    case "interface":
      return portOffers(standing.node, known);
    default:
      return valuesOf(standing, known.words).map((value) => offer(value));
  }
}

function valuesOf({ what, path, key }: Standing, words: LabWords): string[] {
  const above = what === "item" ? path.slice(0, path.lastIndexOf(key)) : path;
  return keysIn(words, above).find((word) => word.key === key)?.values ?? [];
}

/** Names of nodes, and after a name and a colon the ports of that node. */
function endOffers(typed: string, known: Known): { offers: Offer[]; skip: number } {
  const colon = typed.indexOf(":");
  if (colon >= 0) return { offers: portOffers(typed.slice(0, colon), known), skip: colon + 1 };
  const nodes = known.nodes.map((node) => offer(node.name, { detail: node.kind_title, writes: `${node.name}:`, goesOn: true }));
  const outside = OUTSIDE.map(([name, about]) => offer(name, { about, writes: `${name}:`, rank: -50 }));
  return { offers: [...nodes, ...outside], skip: 0 };
}

/** Ports of a node: those that no link has, the one that would come next, and then those in use. */
function portOffers(name: string, { nodes, links }: Known): Offer[] {
  const node = nodes.find((one) => one.name === name);
  if (!node) return [];
  const free = freePorts(node, links);
  const used = node.ports.filter((port) => !free.includes(port));
  return [
    ...free.map(({ written }) => offer(written, { rank: 60 })),
    offer(nextPort(node.ports.map(({ written }) => written)), { detail: "next", rank: 50 }),
    ...used.map(({ written }) => offer(written, { detail: "in use", rank: -20 })),
  ];
}

function kindOffer(kind: KindWord, name: string): Offer {
  const about = kind.runs_here ? "" : `It does not run here: ${kind.needs}`;
  return offer(name, { detail: kind.title, about, rank: (kind.runs_here ? 20 : -20) - (name === kind.name ? 0 : 10) });
}

function kindNamed(words: LabWords, name: string): KindWord | undefined {
  return words.kinds.find((kind) => kind.name === name || kind.aliases.includes(name));
}

function kindMeaning(kind: KindWord | undefined): { title: string; about: string } | null {
  return kind ? { title: kind.title, about: kind.runs_here ? "" : `It does not run here: ${kind.needs}` } : null;
}

function withValues({ about, values }: KeyWord): string {
  return values.length ? `${about}\n${values.join(" · ")}` : about;
}

function offer(label: string, change: Partial<Offer> = {}): Offer {
  return { label, detail: "", about: "", writes: label, closes: "", rank: 0, goesOn: false, ...change };
}
