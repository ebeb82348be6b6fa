import { type Facts, mayGo } from "./facts";
import { isGhost, isPartial, isRoot, type Node } from "./graph";
import { holdAbove } from "./hold";
import { type Entry, foremost, newestOf, type Order, orderBy, type Rank, raise } from "./newest";
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
  graph.nodes.forEach((node) => {
    const first = node.names[0];
    if (first === undefined || !isCounted(node, facts)) return;
    const place = isRoot(node) ? "candidate" : "part";
    const others = node.names.length > 1 ? node.names.slice(1) : undefined;
    entries.push({ node, tag: first, others, time: times[node.id], place, version: undefined });
  });
  const eligible = foremost(entries, policy.minKeep, rank);
  for (const entry of eligible) raise(entry, "semver");
  const { within, parts } = newestOf(eligible, policy.minKeep, order);
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

/** As `order`, without its ties: no time is later than 1e16, damage goes before all times, and -1 before none. */
const rank: Rank = ({ node, time }) => (time ?? -1) - 1e17 * damage(node);

function damage(node: Node): number {
  return isGhost(node) ? 2 : isPartial(node) ? 1 : 0;
}
