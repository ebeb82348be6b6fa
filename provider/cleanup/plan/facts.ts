import type { Inventory } from "../../registries/image-registry";
import type { CompiledPolicy, RepositoryPolicy } from "../policy/compile";
import { closure, hangsOn } from "./closure";
import { type Graph, graphOf, isGhost, isPartial, isRoot, type Node, redated } from "./graph";
import type { Reason } from "./plan";
import * as reasons from "./reasons";
import { trustedTime } from "./trust";

/** What is certain before any rule is asked. Lists are by the ids of nodes. */
export interface Facts {
  readonly graph: Graph;
  readonly policy: RepositoryPolicy;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Trusted creation times. */
  readonly times: readonly (number | undefined)[];
  /** What is excluded or on a keep-list, with everything that hangs on it: it and its tags stay whatever else is said. */
  readonly guards: readonly (Reason | undefined)[];
  /** What a switch selects: ghosts, partial images, orphaned referrers. They are no candidates of rules. */
  readonly switched: readonly (Reason | undefined)[];
  /** The same object wherever graph and policy differ in nothing but dates. */
  readonly undated: object;
}

const gathered = new WeakMap<Inventory, { readonly policy: CompiledPolicy; readonly facts: Facts }>();

/** Gathered once for the questions and the plan of an inventory. */
export function factsOf(inventory: Inventory, policy: CompiledPolicy, now: number): Facts {
  const known = gathered.get(inventory);
  if (known?.policy === policy && known.facts.now === now) return known.facts;
  const facts = gather(graphOf(inventory), policy.of(inventory.repository), now);
  gathered.set(inventory, { policy, facts });
  return facts;
}

/**
 * Takes over what was found out about an inventory to a later form of it that says more, as far as it is the same: dates alone change no edge
 * and no protection. Costs memory for no longer than it takes.
 */
export function takeOver(before: Inventory, after: Inventory, policy: CompiledPolicy, now: number): void {
  const known = gathered.get(before);
  if (known?.policy !== policy || known.facts.now !== now) return;
  const graph = redated(known.facts.graph, before, after);
  if (graph) gathered.set(after, { policy, facts: { ...known.facts, graph, times: timesOf(graph, now) } });
}

function gather(graph: Graph, policy: RepositoryPolicy, now: number): Facts {
  const guards = guardsOf(graph, policy);
  return {
    graph,
    policy,
    now,
    times: timesOf(graph, now),
    guards,
    switched: graph.nodes.map((node) => (guards[node.id] ? undefined : switchedBy(node, policy))),
    undated: guards,
  };
}

const timesOf = ({ nodes }: Graph, now: number) => nodes.map(({ manifest }) => trustedTime(manifest.created, now));

/** Whether it is of a kind that may be deleted. */
export function mayGo(node: Node, { artifactTypes }: RepositoryPolicy): boolean {
  return artifactTypes === "any" || artifactTypes.includes(node.manifest.kind);
}

/** Why one tag by itself stays whatever else is said. */
export function guardOfTag(tag: string, policy: RepositoryPolicy): Reason | undefined {
  if (policy.excludes(tag)) return reasons.excluded(tag);
  return policy.keptTags.has(tag) ? reasons.keepList : undefined;
}

/** Exclusion is transitive: children, referrers and signatures at any depth, with all their tags. */
function guardsOf({ nodes }: Graph, policy: RepositoryPolicy): (Reason | undefined)[] {
  const guards = new Array<Reason | undefined>(nodes.length);
  const direct = nodes.filter((node) => {
    guards[node.id] = guardOf(node, policy);
    return guards[node.id];
  });
  closure(nodes.length, direct, hangsOn, (node, from) => {
    if (from) guards[node.id] ??= node.parents.includes(from) ? reasons.partOf(from) : reasons.refersTo(from);
  });
  return guards;
}

function guardOf(node: Node, policy: RepositoryPolicy): Reason | undefined {
  for (const tag of node.tags) {
    const reason = guardOfTag(tag, policy);
    if (reason) return reason;
  }
  return policy.keptDigests.has(node.digest) ? reasons.keepList : undefined;
}

function switchedBy(node: Node, policy: RepositoryPolicy): Reason | undefined {
  if (node.refers) return node.orphaned && policy.deleteOrphanedReferrers ? reasons.orphaned : undefined;
  return isRoot(node) ? brokenBy(node, policy) : undefined;
}

function brokenBy(node: Node, policy: RepositoryPolicy): Reason | undefined {
  // Of what kind it was, a ghost does not tell any more.
  if (isGhost(node)) return policy.deleteGhostImages ? reasons.ghost : undefined;
  return policy.deletePartialImages && isPartial(node) && mayGo(node, policy) ? reasons.partial(node.missing) : undefined;
}

/** Whether a switch would select it as soon as what it hangs on is gone: then it goes with that, whatever it is called. */
export function goesWhenAlone(node: Node, policy: RepositoryPolicy): boolean {
  if (!node.refers) return brokenBy(node, policy) !== undefined;
  return policy.deleteOrphanedReferrers && node.manifest.subject !== undefined && !node.doubtful;
}
