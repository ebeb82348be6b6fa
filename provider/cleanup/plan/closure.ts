import type { Node } from "./graph";

/** Nodes by their ids: a set that costs a byte each. */
export class NodeSet {
  private readonly flags: Uint8Array;

  constructor(nodes: number) {
    this.flags = new Uint8Array(nodes);
  }

  has(node: Node): boolean {
    return this.flags[node.id] === 1;
  }

  /** Whether it was new. */
  add(node: Node): boolean {
    if (this.flags[node.id] === 1) return false;
    this.flags[node.id] = 1;
    return true;
  }
}

/** What a manifest needs to be whole, and what therefore goes with it: its children, and what refers to it. */
export function hangsOn({ children, attached }: Node): readonly Node[] {
  return both(children, attached);
}

/** What a manifest hangs on: the other way round. */
export function holds({ parents, subjects }: Node): readonly Node[] {
  return both(parents, subjects);
}

function both(some: readonly Node[], others: readonly Node[]): readonly Node[] {
  if (others.length === 0) return some;
  return some.length === 0 ? others : [...some, ...others];
}

/**
 * Everything that can be reached, the beginnings included; `visit` is called once for each with the one that it was reached from. Without
 * recursion: nesting comes from servers, and names of tags can make circles.
 */
export function closure(
  size: number,
  beginnings: Iterable<Node>,
  next: (node: Node) => readonly Node[],
  visit: (node: Node, from: Node | undefined) => void = () => {},
): NodeSet {
  const found = new NodeSet(size);
  const stack: Node[] = [];
  // As in graph.ts: a function for each, and no loop.
  Array.from(beginnings).forEach((node) => {
    if (!found.add(node)) return;
    visit(node, undefined);
    stack.push(node);
    for (let from = stack.pop(); from; from = stack.pop()) {
      for (const reached of next(from)) {
        if (!found.add(reached)) continue;
        visit(reached, from);
        stack.push(reached);
      }
    }
  });
  return found;
}
