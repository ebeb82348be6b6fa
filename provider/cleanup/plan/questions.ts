import type { Inventory } from "../../registries/image-registry";
import type { CompiledPolicy } from "../policy/compile";
import { parseNumber } from "../policy/template";
import { NodeSet } from "./closure";
import { doomOf } from "./doom";
import { type Facts, factsOf, mayGo } from "./facts";
import { isRoot, type Node } from "./graph";
import { isCounted } from "./min-keep";
import { isRule, type Picked, type Picks, picksOf } from "./pick";
import type { Answers } from "./source-control";
import { verdictsOf } from "./verdicts";

/** What has to be found out before a repository can be planned. Each costs requests, so nothing is asked that changes nothing. */
export interface Questions {
  /** Whether anything could go at all. If not, the rest is empty. */
  readonly candidates: boolean;
  /** Digests whose creation times are needed and not there. With the answers in the inventory there may be more: ask again until nothing is new. */
  readonly created: ReadonlySet<string>;
  /** Whether the referrers of the repository's manifests are needed. */
  readonly referrers: boolean;
  /** Digests that keep-lists name and no tag leads to: what they consist of has to stay, if they are here. */
  readonly digests: ReadonlySet<string>;
  /** Sorted. */
  readonly pullRequests: readonly number[];
  readonly branches: boolean;
}

const none: Questions = { candidates: false, created: new Set(), referrers: false, digests: new Set(), pullRequests: [], branches: false };

/** What the plan of this repository depends on. */
export function questions(inventory: Inventory, policy: CompiledPolicy, now: number): Questions {
  const facts = factsOf(inventory, policy, now);
  const { graph, policy: rules } = facts;
  const asked = askedOfSources(facts);
  const picks = picksOf(facts, asked.mostDeletions);
  const candidates = graph.nodes.filter((node) => isCandidate(node, facts, picks));
  if (candidates.length === 0) {
    return rules.deleteDanglingTags && inventory.dangling.length > 0 ? { ...none, candidates: true } : none;
  }
  const { pullRequests, branches } = asked;
  const digests = new Set([...rules.keptDigests].filter((digest) => !inventory.manifests.has(digest)));
  return { candidates: true, created: undated(facts, candidates, picks), referrers: true, digests, pullRequests, branches };
}

/** Whose creation times the plan depends on, as far as they are not there. */
function undated(facts: Facts, candidates: readonly Node[], picks: Picks): Set<string> {
  const { graph, policy } = facts;
  const wanted = new NodeSet(graph.nodes.length);
  if (policy.minAge > 0) candidates.forEach((node) => void wanted.add(node));
  const found = new Set<string>();
  const unknown: Node[] = [];
  graph.nodes.forEach((node) => {
    if (node.manifest.created) return;
    if (wanted.has(node) || isDatedByRules(node, facts, picks)) found.add(node.digest);
    else unknown.push(node);
  });
  if (unknown.length === 0) return found;
  const more = datedByWhatGoes(facts, picks);
  for (const node of unknown) if (more(node)) found.add(node.digest);
  return found;
}

/**
 * What else matters where something is to go, as far as the dates are known yet: what belongs to it may be too young, and which tagged roots
 * are the newest of all.
 */
function datedByWhatGoes(facts: Facts, picks: Picks): (node: Node) => boolean {
  const { minAge, minKeep } = facts.policy;
  const withoutMinKeep: Facts = { ...facts, policy: { ...facts.policy, minKeep: 0 } };
  const verdicts = verdictsOf(withoutMinKeep, picks);
  const { reached } = doomOf(withoutMinKeep, verdicts, undefined);
  const losesATag = (node: Node) => !isRoot(node) && verdicts.ofNames[node.id]?.some(({ goes }) => goes) === true;
  // Only what has a tag can be among the newest tagged ones, or hold one that is.
  const somethingTaggedGoes = facts.graph.nodes.some((node) => isCounted(node, facts) && (reached(node) || losesATag(node)));
  return (node) => (minAge > 0 && reached(node)) || (minKeep > 0 && somethingTaggedGoes && isCounted(node, facts));
}

function askedOfSources({
  graph,
  policy,
  guards,
}: Facts): Pick<Questions, "pullRequests" | "branches"> & { readonly mostDeletions: Answers } {
  const numbers = new Set<number>();
  let branches = false;
  const rules = policy.rules.filter(({ pullRequest, branch }) => pullRequest || branch);
  for (const node of rules.length === 0 ? [] : graph.nodes) {
    if (guards[node.id]) continue;
    for (const name of node.names) {
      for (const { pullRequest, branch } of rules) {
        const number = parseNumber(pullRequest?.(name) ?? "");
        if (number !== undefined) numbers.add(number);
        branches ||= branch?.(name) !== undefined;
      }
    }
  }
  const pullRequests = [...numbers].sort((a, b) => a - b);
  const closed = new Map(pullRequests.map((number) => [number, "closed" as const]));
  return { pullRequests, branches, mostDeletions: { pullRequests: closed, branches: new Set() } };
}

/** Whether it, or a tag of it, could go by itself if all dates allowed it. */
function isCandidate(node: Node, { policy, guards, switched }: Facts, picks: Picks): boolean {
  if (guards[node.id]) return false;
  if (switched[node.id]) return true;
  if (isRoot(node) && !mayGo(node, policy)) return false;
  if (node.tags.length === 0) return isRoot(node) && policy.untagged !== undefined;
  return !node.refers && picks[node.id]?.some(isRule) === true;
}

/** Members of groups that are ordered by date, the excluded ones too, and what has to be older than something. */
function isDatedByRules(node: Node, { policy, guards }: Facts, picks: Picks): boolean {
  if (isRoot(node) && !mayGo(node, policy)) return false;
  if (node.tags.length > 0) return picks[node.id]?.some(needsDate) === true;
  const { keepNewest, olderThan } = policy.untagged ?? {};
  return isRoot(node) ? keepNewest !== undefined || olderThan !== undefined : keepNewest !== undefined && guards[node.id] !== undefined;
}

function needsDate(pick: Picked | undefined): boolean {
  if (!isRule(pick)) return false;
  const { keepNewest, sortBy, olderThan } = pick.rule;
  return olderThan !== undefined || (keepNewest !== undefined && sortBy === "created");
}
