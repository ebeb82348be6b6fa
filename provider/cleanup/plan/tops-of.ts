import { hangsOn } from "./closure";
import type { Graph, Node } from "./graph";

/** So many tops are named of a follower: what many share would make a plan grow without bound. */
export const mostTops = 20;

/** The digests of the tops that each follower goes with, as far as `mostTops` of them. */
export function topsOf({ nodes }: Graph, tops: readonly Node[], goes: (node: Node) => boolean): (node: Node) => readonly string[] {
  const found = new Array<string[] | undefined>(nodes.length);
  // On most nothing hangs.
  for (const top of tops.filter(({ children, attached }) => children.length > 0 || attached.length > 0)) {
    const waiting = hangsOn(top).filter(goes);
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      const known = found[node.id];
      // What has enough of them had them handed on to all that hangs on it.
      if (node === top || known?.at(-1) === top.digest || (known?.length ?? 0) >= mostTops) continue;
      if (known) known.push(top.digest);
      else found[node.id] = [top.digest];
      for (const next of hangsOn(node)) if (goes(next)) waiting.push(next);
    }
  }
  return (node) => found[node.id]?.toSorted() ?? [];
}
