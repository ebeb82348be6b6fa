import { hangsOn } from "./closure";
import type { Graph, Node } from "./graph";

/** What goes: `tops` by themselves, with everything that hangs on them. */
export interface Doomed {
  readonly tops: readonly Node[];
  readonly goes: (node: Node) => boolean;
}

/**
 * An order in which at every moment everything that is left can be pulled whole: a referrer before its subject, an index before its children.
 * The families of the tops one after the other, so that an interruption leaves little behind. Names of tags can make circles (a signature of an
 * index that is at the same time part of it); then the index goes before what it consists of.
 */
export function deletionOrder(graph: Graph, { tops, goes }: Doomed): Node[] {
  const doomed = graph.nodes.filter(goes);
  const order = new Order(graph.nodes.length, doomed, goes);
  const met = new Uint8Array(graph.nodes.length);
  for (const top of tops) for (const node of familyOf(top, goes, met)) order.place(node, "everything");
  for (const rule of ["indexes", "nothing"] as const) for (const node of doomed) order.place(node, rule);
  return order.placed;
}

/** What has to go before something else. */
type Before = "everything" | "indexes" | "nothing";

class Order {
  readonly placed: Node[] = [];
  private readonly isPlaced: Uint8Array;
  /** How many indexes and referrers of each are still there. */
  private readonly indexes: Uint32Array;
  private readonly referrers: Uint32Array;

  constructor(
    size: number,
    doomed: readonly Node[],
    private readonly goes: (node: Node) => boolean,
  ) {
    this.isPlaced = new Uint8Array(size);
    this.indexes = new Uint32Array(size);
    this.referrers = new Uint32Array(size);
    for (const node of doomed) {
      this.indexes[node.id] = node.parents.filter(goes).length;
      this.referrers[node.id] = node.attached.filter(goes).length;
    }
  }

  /** Places it if nothing has to go before it any more, and then whatever waited for it alone. */
  place(start: Node, before: Before): void {
    const ready = [start];
    for (let node = ready.pop(); node; node = ready.pop()) {
      if (this.isPlaced[node.id] || this.waits(node, before)) continue;
      this.isPlaced[node.id] = 1;
      this.placed.push(node);
      this.release(node.children, this.indexes, ready);
      this.release(node.subjects, this.referrers, ready);
    }
  }

  private waits({ id }: Node, before: Before): boolean {
    return before !== "nothing" && (this.indexes[id] !== 0 || (before === "everything" && this.referrers[id] !== 0));
  }

  private release(nodes: readonly Node[], counts: Uint32Array, ready: Node[]): void {
    for (const node of nodes) {
      if (!this.goes(node)) continue;
      counts[node.id] = (counts[node.id] ?? 1) - 1;
      ready.push(node);
    }
  }
}

/** Everything that goes with it and was not met with another one. */
function familyOf(top: Node, goes: (node: Node) => boolean, met: Uint8Array): Node[] {
  const family: Node[] = [];
  const waiting = [top];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (met[node.id] || !goes(node)) continue;
    met[node.id] = 1;
    family.push(node);
    for (const next of hangsOn(node)) waiting.push(next);
  }
  return family;
}
