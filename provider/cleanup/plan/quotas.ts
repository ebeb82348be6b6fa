import type { CompiledRule } from "../policy/compile";
import type { SortBy } from "../policy/policy";
import { type Facts, mayGo } from "./facts";
import { isRoot, type Node } from "./graph";
import { holdAbove } from "./hold";
import { type Entry, foremost, nameToo, newestOf, orderBy, raise, rankByTime, unordered } from "./newest";
import type { Reason } from "./plan";
import * as reasons from "./reasons";
import type { Verdict } from "./verdicts";

/** The tags that share one quota, by their manifests. */
export interface Group {
  readonly rule: CompiledRule;
  readonly key: string | undefined;
  readonly entries: Entry[];
}

/** Why a quota keeps a name; undefined if it does not. */
export type Counted = (group: Group, node: Node) => Verdict | undefined;

/** The groups of the rules that keep the newest. */
export class Quotas {
  private readonly groups = new Map<CompiledRule, Map<string | undefined, Group>>();

  /** `holding`: gets the indexes that stay because of what they hold. */
  constructor(
    private readonly facts: Facts,
    private readonly holding: Map<Node, Reason>,
  ) {}

  /** To be called for all names of a manifest, one manifest after the other. Undefined if the rule has no quota. */
  enter(rule: CompiledRule, node: Node, name: string): Group | undefined {
    if (rule.keepNewest === undefined) return undefined;
    const group = this.groupOf(rule, name);
    const place = placeOf(this.facts, node);
    const last = group.entries.at(-1);
    // A manifest takes one place in a group, however many names it has there.
    if (last?.node === node) nameToo(last, name);
    else if (place) group.entries.push({ node, tag: name, others: undefined, time: this.facts.times[node.id], place, version: undefined });
    return group;
  }

  count(): Counted {
    const kept = new Map<Group, KeptByQuota>();
    for (const group of [...this.groups.values()].flatMap((groups) => [...groups.values()])) {
      const { rule, key, entries } = group;
      const count = rule.keepNewest ?? 0;
      kept.set(group, keptOf(entries, count, rule.sortBy, reasons.newest(count, key, rule.name), this.holding));
    }
    return (group, node) => kept.get(group)?.(node);
  }

  private groupOf(rule: CompiledRule, name: string): Group {
    const groups = this.groups.get(rule) ?? new Map<string | undefined, Group>();
    this.groups.set(rule, groups);
    const key = rule.groupOf(name);
    const group = groups.get(key) ?? { rule, key, entries: [] };
    groups.set(key, group);
    return group;
  }
}

export type KeptByQuota = (node: Node) => Verdict | undefined;

/** Decides one group. */
export function keptOf(entries: Entry[], count: number, sortBy: SortBy, newest: Reason, holding: Map<Node, Reason>): KeptByQuota {
  const disorder = sortBy === "created" ? unordered(entries) : undefined;
  if (disorder) {
    const verdict: Verdict = { goes: false, reason: reasons.unordered(disorder) };
    // Parts would count, too, as soon as nothing held them any more, and the times would no longer be all the same.
    if (disorder === "equal")
      for (const { node, place } of entries) if (place === "part") holdAbove(node, reasons.holdsNewest(node), holding);
    return () => verdict;
  }
  const first = sortBy === "created" ? foremost(entries, count, rankByTime) : entries;
  for (const entry of first) raise(entry, sortBy);
  const { within, parts } = newestOf(first, count, orderBy(sortBy));
  for (const { node } of parts) holdAbove(node, reasons.holdsNewest(node), holding);
  const nodes = new Set(Array.from(within, ({ node }) => node));
  const verdict: Verdict = { goes: false, reason: newest };
  return (node) => (nodes.has(node) ? verdict : undefined);
}

/** Undefined: it neither takes a place in quotas nor ever will. */
export function placeOf({ guards, switched, policy }: Facts, node: Node): Entry["place"] | undefined {
  if (switched[node.id] || node.refers || !mayGo(node, policy)) return undefined;
  if (!isRoot(node)) return "part";
  return guards[node.id] ? "excluded" : "candidate";
}
