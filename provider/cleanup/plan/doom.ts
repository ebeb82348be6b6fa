import type { DeletionSupport } from "../../registries/image-registry";
import { closure, hangsOn, holds } from "./closure";
import { type Facts, goesWhenAlone } from "./facts";
import { isRoot, type Node } from "./graph";
import { minKept } from "./min-keep";
import type { Reason } from "./plan";
import * as reasons from "./reasons";
import { isYoung } from "./trust";
import type { Verdicts } from "./verdicts";

export interface Doom {
  /** What goes by itself: roots, and referrers whose subject is gone. Sorted by digest. */
  readonly tops: readonly Node[];
  readonly goes: (node: Node) => boolean;
  /** Whether it is to go, or hangs on something that is, even if it stays. */
  readonly reached: (node: Node) => boolean;
  /** Why a rule wants a manifest to go as a whole, whether it does or not. */
  readonly wanted: (node: Node) => Reason | undefined;
  /** Why it stays all the same. */
  readonly blocked: (node: Node) => Reason | undefined;
  /** What keeps indexes because of what they hold, or because they are the newest. */
  readonly held: (node: Node) => Reason | undefined;
  /** Whether it is too young itself. */
  readonly young: (node: Node) => boolean;
}

/**
 * What goes: what rules and switches want as a whole and nothing blocks, with everything that hangs on it, without anything that something
 * that stays needs to be whole.
 */
export function doomOf(facts: Facts, verdicts: Verdicts, support: DeletionSupport | undefined): Doom {
  const { graph, guards } = facts;
  const size = graph.nodes.length;
  const held = new Map([...verdicts.holding, ...minKept(facts)]);
  const young = tooYoung(facts);
  const unable = inability(support);
  const blocked = (node: Node): Reason | undefined => {
    const cause = young[node.id];
    return held.get(node) ?? (cause && reasons.minAge(cause, node, facts.policy.minAge)) ?? unable;
  };
  const wanted = graph.nodes.map((node) => wantedBy(node, facts, verdicts));
  const doomed = graph.nodes.filter((node) => wanted[node.id] && !blocked(node));
  const reached = closure(size, doomed, hangsOn);
  // A switch wants it whatever it is called.
  const isKept = (node: Node) => guards[node.id] || held.has(node) || (!wanted[node.id] && isNamed(node, facts, verdicts));
  const staying = graph.nodes.filter((node) => !reached.has(node) || isKept(node));
  const needed = closure(size, staying, hangsOn);
  const goes = (node: Node) => reached.has(node) && !needed.has(node);
  return {
    tops: doomed.filter(goes),
    goes,
    reached: (node) => reached.has(node),
    wanted: (node) => wanted[node.id],
    blocked,
    held: (node) => held.get(node),
    young: (node) => young[node.id] === node,
  };
}

/** Undefined: nothing wants it to go as a whole. */
function wantedBy(node: Node, { switched }: Facts, { ofNames, ofUntagged }: Verdicts): Reason | undefined {
  const names = ofNames[node.id] ?? [];
  const all = names.every(({ goes }) => goes);
  // Only its name makes it a signature: somebody's other name for it counts.
  if (switched[node.id]) return isRoot(node) || node.manifest.subject !== undefined || all ? switched[node.id] : undefined;
  if (!isRoot(node)) return undefined;
  if (names.length > 0) return all ? names[0]?.reason : undefined;
  const untagged = ofUntagged[node.id];
  return untagged?.goes ? untagged.reason : undefined;
}

/** Whether a name of its own keeps it, apart from what it hangs on. */
function isNamed(node: Node, { policy }: Facts, { ofNames }: Verdicts): boolean {
  return ofNames[node.id]?.some(({ goes }) => !goes) === true && !goesWhenAlone(node, policy);
}

/**
 * What must not be touched because of its age, with the manifest that is too young: it, what it hangs on, or, where nobody knows how old it
 * is, itself if it has no tag.
 */
function tooYoung({ graph, times, policy, now }: Facts): (Node | undefined)[] {
  const causes = new Array<Node | undefined>(graph.nodes.length);
  if (policy.minAge === 0) return causes;
  const young = graph.nodes.filter((node) => isYoung(times[node.id], true, policy.minAge, now));
  closure(graph.nodes.length, young, holds, (node, from) => {
    causes[node.id] = from ? causes[from.id] : node;
  });
  for (const node of young) causes[node.id] = node;
  // What is young tagged or not has its cause by now.
  graph.nodes.forEach((node) => {
    if (node.tags.length === 0 && times[node.id] === undefined) causes[node.id] = node;
  });
  return causes;
}

function inability(support: DeletionSupport | undefined): Reason | undefined {
  if (support?.manifest === "disabled") return reasons.cannotDelete("deletion is switched off in this registry");
  if (support?.manifest === "immutable") return reasons.cannotDelete("the tags of this repository are immutable");
  if (support?.manifest === "readonly") return reasons.cannotDelete("this registry is read-only");
  return undefined;
}
