import type { Node } from "./graph";
import type { Reason } from "./plan";

/** Keeps the indexes of a manifest, and the indexes of those, so that it does not become a root. What has a reason to stay keeps that. */
export function holdAbove(part: Node, reason: Reason, stays: Map<Node, Reason>): void {
  const waiting = [...part.parents];
  for (let index = waiting.pop(); index; index = waiting.pop()) {
    if (stays.has(index)) continue;
    stays.set(index, reason);
    for (const outer of index.parents) waiting.push(outer);
  }
}
