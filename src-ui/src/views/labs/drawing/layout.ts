/** Where nodes stand that nobody has put anywhere: what the layout program is given, and what is made of its answer. */

import { isAbove, tierOf } from "./roles";

export interface Point {
  x: number;
  y: number;
}

/** A node or an outside end, with its size in pixels. */
export interface Box {
  id: string;
  width: number;
  height: number;
}

/** What is to be laid out. The joins are pairs of ids. */
export interface Graph {
  boxes: Box[];
  joins: [string, string][];
}

/** The layout program's form of a graph, as far as it is used here. */
export interface ElkGraph {
  id: string;
  layoutOptions: Record<string, string>;
  children: (Box & Partial<Point>)[];
  edges: { id: string; sources: [string]; targets: [string] }[];
}

/** Room between two tiers, for the names of ports at both ends and what is said in the middle. */
const BETWEEN_TIERS = 100;
const BETWEEN_TIERS_LARGE = 84;
const BESIDE = 52;
const BESIDE_MANY = 32;
/** From so many boxes on they stand closer together. */
const MANY = 14;

/** A name that says nothing is of a lower tier than any. */
const TIERLESS = 9;

/** From so many nodes on, those that everything hangs on are taken out and stand above the others. */
const LARGE = 48;
/** A tier with more is wrapped into rows. */
const WIDE = 12;

/** How far two boxes with a link between them are from each other where nothing stands above anything. */
const APART = 72;

const optionsFor = (graph: Graph, hasHubs: boolean): Record<string, string> => ({
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  // The parts below hubs are packed; the rows of hubs above them add to the height.
  "elk.aspectRatio": hasHubs ? "2.4" : "1.6",
  "elk.spacing.nodeNode": String(besideIn(graph)),
  "elk.spacing.componentComponent": String(tiersIn(graph)),
  "elk.layered.spacing.nodeNodeBetweenLayers": String(tiersIn(graph)),
  "elk.layered.spacing.edgeNodeBetweenLayers": "24",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  ...(isMiddling(graph)
    ? { "elk.layered.nodePlacement.strategy": "LINEAR_SEGMENTS" }
    : { "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF", "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED" }),
});

/** What the layout program is given: all but the hubs, each join from the upper node to the lower. */
export function elkGraph(graph: Graph): ElkGraph {
  const hubs = hubsOf(graph);
  const counts = degrees(graph.joins);
  const joins = graph.joins.filter(([a, b]) => !hubs.has(a) && !hubs.has(b));
  return {
    id: "lab",
    layoutOptions: optionsFor(graph, hubs.size > 0),
    children: graph.boxes.filter(({ id }) => !hubs.has(id)),
    edges: joins.map(([a, b], index) => {
      const [upper, lower] = isAbove(a, b, counts) ? [a, b] : [b, a];
      return { id: `${index}`, sources: [upper], targets: [lower] };
    }),
  };
}

/** What it is given where tiers would make a tall ladder of what is a ring. */
export function roundGraph(graph: Graph): ElkGraph {
  const edges = graph.joins.map(([a, b], index): ElkGraph["edges"][0] => ({ id: `${index}`, sources: [a], targets: [b] }));
  const length = APART + Math.max(...graph.boxes.map(({ width }) => width));
  return { id: "lab", layoutOptions: { "elk.algorithm": "stress", "elk.stress.desiredEdgeLength": String(length) }, children: graph.boxes, edges };
}

/** Whether names say what stands above what. */
export function hasTiers({ boxes }: Graph): boolean {
  return boxes.some(({ id }) => tierOf(id) !== null);
}

/** Where everything stands, by the program's answer. */
export function arranged(graph: Graph, answer: ElkGraph): Map<string, Point> {
  const laid = new Map(answer.children.map(({ id, x, y }) => [id, { x: Math.round(x ?? 0), y: Math.round(y ?? 0) }]));
  const placed = laid.size < graph.boxes.length ? laid : wrapped(graph.boxes, laid);
  return withHubs(graph, placed);
}

/**
 * The same where some nodes were put somewhere: they stay, and the others keep their place beside them, or the nearest
 * that is free.
 */
export function settled(graph: Graph, kept: ReadonlyMap<string, Point>, laid: ReadonlyMap<string, Point>): Map<string, Point> {
  const known = graph.boxes.filter(({ id }) => kept.has(id));
  if (known.length === 0) return new Map(laid);
  const shift = known.reduce(
    (sum, { id }) => {
      const [to, from] = [kept.get(id), laid.get(id)];
      return to && from ? { x: sum.x + (to.x - from.x) / known.length, y: sum.y + (to.y - from.y) / known.length } : sum;
    },
    { x: 0, y: 0 },
  );
  const places = new Map(known.map(({ id }) => [id, kept.get(id) ?? { x: 0, y: 0 }]));
  const taken = known.map((box) => ({ ...box, ...(kept.get(box.id) ?? { x: 0, y: 0 }) }));
  for (const box of graph.boxes) {
    if (places.has(box.id)) continue;
    const wanted = laid.get(box.id) ?? { x: 0, y: 0 };
    const place = { x: Math.round(wanted.x + shift.x), y: Math.round(wanted.y + shift.y) };
    while (taken.some((other) => overlaps({ ...box, ...place }, other))) place.y += box.height + BESIDE / 2;
    places.set(box.id, place);
    taken.push({ ...box, ...place });
  }
  return places;
}

/** A text that changes when, and only when, another layout is needed. */
export function shapeOf(graph: Graph): string {
  return JSON.stringify([graph.boxes.map(({ id, width, height }) => [id, width, height]), graph.joins]);
}

/**
 * Of a large lab, the few nodes that hold all its parts together: the highest tier, then those with the most links. None
 * where the parts stay too large without them.
 */
function hubsOf(graph: Graph): Set<string> {
  const none = new Set<string>();
  if (graph.boxes.length < LARGE) return none;
  const counts = degrees(graph.joins);
  const order = graph.boxes
    .map(({ id }) => ({ id, tier: tierOf(id) ?? TIERLESS, links: counts.get(id) ?? 0 }))
    .sort((a, b) => a.tier - b.tier || b.links - a.links);
  const most = graph.boxes.length / 8;
  const hubs = new Set<string>();
  for (const { id } of order) {
    hubs.add(id);
    if (hubs.size > most) return none;
    if (largestPart(graph, hubs) <= graph.boxes.length / 5) return hubs;
  }
  return none;
}

function besideIn({ boxes }: Graph): number {
  return boxes.length > MANY ? BESIDE_MANY : BESIDE;
}

function tiersIn({ boxes }: Graph): number {
  return boxes.length < LARGE ? BETWEEN_TIERS : BETWEEN_TIERS_LARGE;
}

/** Neither so small that there is room for all, nor so large that what is quickest is best. */
function isMiddling({ boxes }: Graph): boolean {
  return boxes.length > MANY && boxes.length < LARGE;
}

function degrees(joins: [string, string][]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of joins.flat()) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function largestPart(graph: Graph, without: ReadonlySet<string>): number {
  const beside = new Map<string, string[]>(graph.boxes.filter(({ id }) => !without.has(id)).map(({ id }) => [id, []]));
  for (const [a, b] of graph.joins) {
    if (!beside.has(a) || !beside.has(b)) continue;
    beside.get(a)?.push(b);
    beside.get(b)?.push(a);
  }
  let largest = 0;
  for (const start of [...beside.keys()]) {
    let size = 0;
    const next = [start];
    for (let id = next.pop(); id !== undefined; id = next.pop()) {
      const neighbours = beside.get(id);
      if (!neighbours) continue;
      beside.delete(id);
      size += 1;
      next.push(...neighbours);
    }
    largest = Math.max(largest, size);
  }
  return largest;
}

/** The hubs in rows above the middle of all others. */
function withHubs(graph: Graph, laid: Map<string, Point>): Map<string, Point> {
  const hubs = graph.boxes.filter(({ id }) => !laid.has(id));
  if (hubs.length === 0) return laid;
  const right = Math.max(0, ...graph.boxes.map((box) => (laid.get(box.id)?.x ?? 0) + box.width));
  const rows = inRows(hubs, Math.max(WIDE, Math.ceil(hubs.length / 2)), BESIDE);
  const height = rows.height + BETWEEN_TIERS * 2;
  const places = new Map([...laid].map(([id, { x, y }]) => [id, { x, y: y + height }]));
  for (const [id, { x, y }] of rows.places) places.set(id, { x: Math.round((right - rows.width) / 2 + x), y });
  return places;
}

/** A tier that is far too wide becomes several rows, and what is below it makes room. */
function wrapped(boxes: Box[], laid: Map<string, Point>): Map<string, Point> {
  const tiers = new Map<number, Box[]>();
  for (const box of boxes) {
    const y = laid.get(box.id)?.y ?? 0;
    tiers.set(y, [...(tiers.get(y) ?? []), box]);
  }
  const limit = Math.max(WIDE, Math.ceil(1.7 * Math.sqrt(boxes.length)));
  if ([...tiers.values()].every((tier) => tier.length <= limit)) return laid;
  const x = (box: Box): number => laid.get(box.id)?.x ?? 0;
  const rows = [...tiers].sort(([a], [b]) => a - b).map(([, tier]) => inRows(tier.sort((a, b) => x(a) - x(b)), limit, BESIDE_MANY));
  const width = Math.max(...rows.map((row) => row.width));
  const places = new Map<string, Point>();
  let top = 0;
  for (const row of rows) {
    for (const [id, place] of row.places) places.set(id, { x: Math.round((width - row.width) / 2 + place.x), y: top + place.y });
    top += row.height + BETWEEN_TIERS;
  }
  return places;
}

/** Boxes side by side, in rows of at most so many; each other row stands half a place to the right, so that lines pass. */
function inRows(boxes: Box[], most: number, gap: number): { places: [string, Point][]; width: number; height: number } {
  const count = Math.ceil(boxes.length / most);
  const perRow = Math.ceil(boxes.length / count);
  const cell = Math.max(...boxes.map(({ width }) => width)) + gap;
  const line = Math.max(...boxes.map(({ height }) => height));
  const places = boxes.map(({ id }, index): [string, Point] => {
    const row = Math.floor(index / perRow);
    return [id, { x: (index % perRow) * cell + (row % 2) * (cell / 2), y: row * (line + BETWEEN_TIERS * 0.75) }];
  });
  return {
    places,
    width: perRow * cell - gap + (count > 1 ? cell / 2 : 0),
    height: line + (count - 1) * (line + BETWEEN_TIERS * 0.75),
  };
}

/** Whether two boxes lie on each other, or nearly. */
export function overlaps(a: Box & Point, b: Box & Point): boolean {
  const gap = 12;
  return a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;
}
