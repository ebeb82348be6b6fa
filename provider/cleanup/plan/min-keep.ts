import { type Facts, mayGo } from "./facts";
import { isGhost, isPartial, isRoot, type Node } from "./graph";
import { holdAbove } from "./hold";
import { type Entry, newestOf, type Order, orderBy, raise } from "./newest";
import type { Reason } from "./plan";
import * as reasons from "./reasons";

/**
 * The newest tagged roots, which stay whatever the rules say, and why. What is broken or has no date that can be trusted counts as older than the
 * rest; of kinds that stay anyway nothing is counted. Independent of rules and exclusions, so that excluding something lets nothing else go.
 */
export function minKept(facts: Facts): Map<Node, Reason> {
  const { graph, policy, times } = facts;
  const stays = new Map<Node, Reason>();
  if (policy.minKeep === 0) return stays;
  const entries: Entry[] = [];
  for (const node of graph.nodes) {
    const [first, ...others] = node.names;
    if (first === undefined || !isCounted(node, facts)) continue;
    const entry: Entry = { node, tag: first, time: times[node.id], place: isRoot(node) ? "candidate" : "part", version: undefined };
    for (const name of others) raise(entry, name, "semver");
    entries.push(entry);
  }
  const { within, parts } = newestOf(entries, policy.minKeep, order);
  for (const { node } of within) stays.set(node, reasons.minKeep(policy.minKeep));
  for (const { node } of parts) {
    // With its tag it would no longer count, and what holds it could go the next time.
    stays.set(node, reasons.minKeep(policy.minKeep));
    holdAbove(node, reasons.holdsMinKeep(node), stays);
  }
  return stays;
}

/** Children with tags of their own become roots when nothing holds them any more. */
export function isCounted(node: Node, { policy }: Facts): boolean {
  return node.names.length > 0 && !node.refers && (mayGo(node, policy) || isGhost(node));
}

const byTime = orderBy("created");
const order: Order = (a, b) => damage(a.node) - damage(b.node) || byTime(a, b);

function damage(node: Node): number {
  return isGhost(node) ? 2 : isPartial(node) ? 1 : 0;
}
