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
 * index that is at the same time part of it); then what stands in the manifests themselves counts, which no circle can be made of.
 */
export function deletionOrder(graph: Graph, { tops, goes }: Doomed): Node[] {
  const doomed = graph.nodes.filter(goes);
  const order = new Order(graph.nodes.length, doomed, goes);
  const met = new Uint8Array(graph.nodes.length);
  tops.forEach((top) => {
    for (const node of familyOf(top, goes, met)) order.place(node, "everything");
  });
  for (const rule of ["content", "nothing"] as const) {
    if (order.placed.length < doomed.length) for (const node of doomed) order.place(node, rule);
  }
  return order.placed;
}

/** What has to go before something else. `content`: indexes that hold it, and referrers that name it as their subject. */
type Before = "everything" | "content" | "nothing";

class Order {
  readonly placed: Node[] = [];
  private readonly isPlaced: Uint8Array;
  /** How many are still there, for each: by content, and by the names of tags alone. */
  private readonly content: Uint32Array;
  private readonly names: Uint32Array;

  constructor(
    size: number,
    doomed: readonly Node[],
    private readonly goes: (node: Node) => boolean,
  ) {
    this.isPlaced = new Uint8Array(size);
    this.content = new Uint32Array(size);
    this.names = new Uint32Array(size);
    doomed.forEach((node) => {
      if (node.attached.length === 0 && node.parents.length === 0) return;
      const attached = node.attached.filter(goes);
      const referrers = attached.filter((referrer) => isSubject(node, referrer)).length;
      this.content[node.id] = node.parents.filter(goes).length + referrers;
      this.names[node.id] = attached.length - referrers;
    });
  }

  /** Places it if nothing has to go before it any more, and then whatever waited for it alone. */
  place(start: Node, before: Before): void {
    const ready = [start];
    for (let node = ready.pop(); node; node = ready.pop()) {
      if (this.isPlaced[node.id] || this.waits(node, before)) continue;
      this.isPlaced[node.id] = 1;
      this.placed.push(node);
      for (const child of node.children) this.release(child, this.content, ready);
      for (const subject of node.subjects) this.release(subject, isSubject(subject, node) ? this.content : this.names, ready);
    }
  }

  private waits({ id }: Node, before: Before): boolean {
    return before !== "nothing" && (this.content[id] !== 0 || (before === "everything" && this.names[id] !== 0));
  }

  private release(node: Node, counts: Uint32Array, ready: Node[]): void {
    if (!this.goes(node)) return;
    counts[node.id] = (counts[node.id] ?? 1) - 1;
    ready.push(node);
  }
}

/** Whether the referrer's own manifest says so, and not only a tag's name. */
const isSubject = ({ digest }: Node, referrer: Node): boolean => referrer.manifest.subject === digest;

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
