import type { CompiledRule } from "../policy/compile";
import { type Facts, mayGo } from "./facts";
import { isRoot, type Node } from "./graph";
import { isRule, type Picked, type Picks } from "./pick";
import type { Reason } from "./plan";
import { type Counted, type Group, Quotas } from "./quotas";
import * as reasons from "./reasons";
import { isOlder } from "./trust";
import { untaggedVerdicts } from "./untagged";

/** What the rules say of one name, before anything else protects it. */
export interface Verdict {
  readonly goes: boolean;
  readonly reason: Reason;
  /** Goes only where no index holds the manifest any more: quotas count roots, and a child's tag shares the fate of its root. */
  readonly unlessHeld?: true;
}

export interface Verdicts {
  /** By the ids of nodes; one verdict for each of a node's names. */
  readonly ofNames: readonly (readonly Verdict[])[];
  /** By the ids of nodes: of roots without tags. */
  readonly ofUntagged: readonly (Verdict | undefined)[];
  /** Indexes that stay because something in them is among the newest of a quota. */
  readonly holding: ReadonlyMap<Node, Reason>;
}

/** Asks the rules about every tag and every untagged root. */
export function verdictsOf(facts: Facts, picks: Picks): Verdicts {
  const { nodes } = facts.graph;
  const holding = new Map<Node, Reason>();
  const quotas = new Quotas(facts, holding);
  /** Of all names, in the order in which they come below, too. */
  const groups: (Group | undefined)[] = [];
  nodes.forEach((node) => {
    for (let at = 0; at < node.names.length; at++) {
      const pick = picks[node.id]?.[at];
      groups.push(isRule(pick) ? quotas.enter(pick.rule, node, node.names[at] ?? "") : undefined);
    }
  });
  const judge = new Judge(facts, quotas.count());
  let next = 0;
  const ofNames = nodes.map((node) =>
    node.names.length === 0 ? none : node.names.map((_, at) => judge.verdictOf(node, picks[node.id]?.[at], groups[next++])),
  );
  return { ofNames, ofUntagged: untaggedVerdicts(facts, holding), holding };
}

const none: readonly never[] = [];
const notSelected: Verdict = { goes: false, reason: reasons.notSelected };

/** Says the same of all tags of a rule by the same object: there may be very many. */
class Judge {
  private readonly rules = new Map<CompiledRule, RuleVerdicts>();

  constructor(
    private readonly facts: Facts,
    private readonly counted: Counted,
  ) {}

  verdictOf(node: Node, pick: Picked | undefined, group: Group | undefined): Verdict {
    if (!pick) return notSelected;
    if (!isRule(pick)) return { goes: false, reason: pick.stays };
    const { rule } = pick;
    const { times, now, policy } = this.facts;
    if (isRoot(node) && !mayGo(node, policy)) return { goes: false, reason: reasons.artifactType(node.manifest.kind) };
    const kept = group && this.counted(group, node);
    if (kept) return kept;
    const verdicts = this.rules.get(rule) ?? verdictsOfRule(rule);
    this.rules.set(rule, verdicts);
    const time = times[node.id];
    if (rule.olderThan && !isOlder(time, rule.olderThan, now)) {
      return time === undefined ? { goes: false, reason: reasons.neverOld(node, rule.olderThan) } : verdicts.younger;
    }
    return rule.keepNewest !== undefined && node.parents.length > 0 ? verdicts.goesUnlessHeld : verdicts.goes;
  }
}

interface RuleVerdicts {
  readonly goes: Verdict;
  readonly goesUnlessHeld: Verdict;
  readonly younger: Verdict;
}

function verdictsOfRule(rule: CompiledRule): RuleVerdicts {
  const goes: Verdict = { goes: true, reason: reasons.selected(rule) };
  const younger = rule.olderThan ? reasons.youngerThanRule(rule.olderThan, rule.name) : goes.reason;
  return { goes, goesUnlessHeld: { ...goes, unlessHeld: true }, younger: { goes: false, reason: younger } };
}
