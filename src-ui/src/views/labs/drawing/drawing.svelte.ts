import { createContext, untrack } from "svelte";
import type { Node } from "@xyflow/svelte";
import type { App } from "../../../state/app.svelte";
import type { LabPageState } from "../page.svelte";
import { drawnLinks, graphOf, outsideOf, type DrawnLink, type Outside } from "./drawn";
import { layouter } from "./elk";
import { bendsOf } from "./bends";
import { nameDistances, neighbour, type Placed } from "./geometry";
import { settled, shapeOf, type Box, type Graph, type Point } from "./layout";
import { spread } from "./spread";

export type FlowNode = Node<Record<string, never>, "node" | "outside">;

/** What the drawing does with the view that it is shown in. */
export interface DrawingView {
  /** Shows all of it. */
  fit(): void;
  /** Brings a box into sight, with as little movement as possible. */
  reveal(box: Placed): void;
}

/** The drawing of a lab: what stands where, and where the keyboard is. */
export class DrawingState {
  readonly page: LabPageState;
  /** What Svelte Flow draws and moves. */
  nodes: FlowNode[] = $state.raw([]);
  /** How far the middles of lines are pulled aside that would pass behind a node. */
  bends: ReadonlyMap<string, number> = $state.raw(new Map());
  /** How far from their boxes the names of ports stand. */
  distances: ReturnType<typeof nameDistances> = $state.raw(new Map());
  /** Why there is no layout. */
  problem: string = $state("");
  /** Whether it is seen from so far that only names and colours can be told. */
  isFar: boolean = $state(false);
  /** The link whose line is under the pointer; empty where none is. */
  hovered: string = $state("");
  /** Whether the user moved the view: then it is not moved any more. */
  wasMoved = false;
  view: DrawingView | null = null;
  isDragging = false;
  #app: App;
  #aspect: () => number;
  #asked = 0;
  /** What the layout was, before it was spread in its room; none of nodes that somebody put somewhere. */
  #laid: { graph: Graph; places: Map<string, Point> } | null = null;

  readonly #names: ReadonlySet<string> = $derived.by(() => new Set(this.page.nodes.keys()));
  readonly outside: Outside[] = $derived.by(() => outsideOf(this.page.links, this.#names));
  readonly lines: DrawnLink[] = $derived.by(() => drawnLinks(this.page.links, this.#names));
  readonly graph: Graph = $derived.by(() => graphOf(this.page.lab, this.outside, this.lines));
  /** Changes when nodes or links come or go, and when they were put somewhere; not when they only stand otherwise. */
  readonly shape: string = $derived.by(() => shapeOf(this.graph) + JSON.stringify(this.page.lab.positions));
  readonly boxes: ReadonlyMap<string, Placed> = $derived.by(() => new Map(this.nodes.map((node) => [node.id, placedOf(node)])));

  /** `aspect` tells how many times the room is as wide as it is high. */
  constructor(app: App, page: LabPageState, aspect: () => number) {
    this.#app = app;
    this.page = page;
    this.#aspect = aspect;
  }

  /** Puts everything where it belongs: where it was put, or else where the layout has it. */
  async arrange(): Promise<void> {
    const { graph, page } = this;
    if (this.isDragging) return;
    await this.#place(graph, new Map(page.lab.positions.map(({ node, x, y }) => [node, { x, y }])));
  }

  /** Forgets where nodes were put. */
  async layOutAgain(): Promise<void> {
    await this.#place(this.graph, new Map());
    this.view?.fit();
    this.keep();
  }

  /** The room is another: what the layout has in it is spread anew. What somebody put somewhere stays there. */
  fill(): void {
    if (this.#laid) this.#put(this.#laid.graph, this.#spread(this.#laid.graph, this.#laid.places));
    else this.view?.fit();
  }

  /** Nodes begin to be dragged: from now on the view stays as it is. */
  dragged(): void {
    this.isDragging = true;
    this.wasMoved = true;
  }

  /** Nodes were dragged: that is where they were put. */
  dropped(): void {
    this.isDragging = false;
    this.#laid = null;
    this.#lead();
    this.keep();
  }

  /** Keeps where nodes are, beside the file; a lab without one is laid out anew each time. */
  keep(): void {
    const { file } = this.page.lab;
    if (!file) return;
    const positions = this.nodes.flatMap(({ id, type, position }) => (type === "node" ? [{ node: id, x: Math.round(position.x), y: Math.round(position.y) }] : []));
    void this.#app.askAside((backend) => backend.placeNodes(file, positions));
  }

  /** Shows which nodes are chosen. */
  mark(selection: ReadonlySet<string>): void {
    const changes = this.nodes.some((node) => (node.selected ?? false) !== selection.has(node.id));
    if (changes) this.nodes = this.nodes.map((node) => ((node.selected ?? false) === selection.has(node.id) ? node : { ...node, selected: selection.has(node.id) }));
  }

  /** Goes to the neighbour in the direction of a key; the first node where it was nowhere. */
  move(key: string): boolean {
    const from = this.page.active === null ? undefined : this.boxes.get(this.page.active);
    const nodes = this.nodes.filter(({ type }) => type === "node").map(placedOf);
    const to = from ? neighbour(nodes, from, key) : (nodes[0]?.id ?? null);
    return to !== null && this.goTo(to);
  }

  goTo(node: string): boolean {
    const box = this.boxes.get(node);
    if (!box) return false;
    this.page.active = node;
    this.view?.reveal(box);
    return true;
  }

  /** It is not shown any more: a layout that is still to come is nobody's. */
  leave(): void {
    this.#asked += 1;
    this.view = null;
  }

  async #place(graph: Graph, kept: ReadonlyMap<string, Point>): Promise<void> {
    const asked = ++this.#asked;
    let laid: Map<string, Point> = new Map();
    try {
      if (graph.boxes.some(({ id }) => !kept.has(id))) laid = await layouter.layOut(graph, this.#aspect());
      this.problem = "";
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      laid = grid(graph.boxes);
    }
    // A later question has another answer.
    if (asked !== this.#asked) return;
    this.#laid = kept.size === 0 ? { graph, places: laid } : null;
    untrack(() => this.#put(graph, settled(graph, kept, this.#spread(graph, laid))));
  }

  #spread({ boxes }: Graph, places: ReadonlyMap<string, Point>): Map<string, Point> {
    return spread(boxes, places, this.#aspect());
  }

  /** Leads lines around nodes, and puts names beside them. */
  #lead(): void {
    this.bends = bendsOf(this.boxes, this.lines);
    this.distances = nameDistances(this.boxes, this.lines, this.bends);
  }

  #put(graph: Graph, places: Map<string, Point>): void {
    const known = new Map(this.nodes.map((node) => [node.id, node]));
    this.nodes = graph.boxes.map((box) => flowNode(box, places.get(box.id) ?? { x: 0, y: 0 }, known.get(box.id), this.page));
    this.#lead();
    // `script/bench desktop` looks for it.
    performance.mark("lab drawn");
    if (!this.wasMoved) this.view?.fit();
  }
}

/** The drawing that a component is in. */
export const [getDrawing, setDrawing] = createContext<DrawingState>();

function flowNode(box: Box, position: Point, known: FlowNode | undefined, page: LabPageState): FlowNode {
  const { id, width, height } = box;
  const isSame = known && known.width === width && known.position.x === position.x && known.position.y === position.y;
  if (isSame) return known;
  const isNode = page.nodes.has(id);
  return {
    id,
    type: isNode ? "node" : "outside",
    position,
    width,
    height,
    // Known before it is drawn: what is out of sight is never measured.
    measured: { width, height },
    selected: page.selection.has(id),
    selectable: isNode,
    connectable: isNode,
    data: {},
  };
}

/** The same for the same node, so that a line changes only where one of its boxes does. */
function placedOf(node: FlowNode): Placed {
  const known = PLACED.get(node);
  if (known) return known;
  const placed = { id: node.id, width: node.width ?? 0, height: node.height ?? 0, ...node.position };
  PLACED.set(node, placed);
  return placed;
}

const PLACED = new WeakMap<FlowNode, Placed>();

/** Where boxes stand if nobody can lay them out. */
function grid(boxes: Box[]): Map<string, Point> {
  const columns = Math.ceil(Math.sqrt(boxes.length * 1.6));
  return new Map(boxes.map(({ id }, index) => [id, { x: (index % columns) * 220, y: Math.floor(index / columns) * 140 }]));
}
