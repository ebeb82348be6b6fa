import { type Facts, mayGo } from "./facts";
import { isRoot, type Node } from "./graph";
import type { Entry } from "./newest";
import type { Reason } from "./plan";
import { keptOf, placeOf } from "./quotas";
import * as reasons from "./reasons";
import { isOlder } from "./trust";
import type { Verdict } from "./verdicts";

const rule = "untagged";

/** What the policy says of roots without tags, by the ids of nodes. */
export function untaggedVerdicts(facts: Facts, holding: Map<Node, Reason>): readonly (Verdict | undefined)[] {
  const verdicts = new Array<Verdict | undefined>(facts.graph.nodes.length);
  const untagged = facts.graph.nodes.filter((node) => node.tags.length === 0 && !node.refers);
  const count = facts.policy.untagged?.keepNewest;
  const entries = count === undefined ? [] : untagged.flatMap((node) => entryOf(node, facts));
  const kept = keptOf(entries, count ?? 0, "created", reasons.newest(count ?? 0, undefined, rule), holding);
  for (const node of untagged) if (isRoot(node)) verdicts[node.id] = kept(node) ?? byAge(node, facts);
  return verdicts;
}

/** A child without a tag becomes a root only where something else than its index keeps it. */
function entryOf(node: Node, facts: Facts): Entry[] {
  const place = placeOf(facts, node);
  if (!place || (place === "part" && !facts.guards[node.id])) return [];
  return [{ node, tag: "", others: undefined, time: facts.times[node.id], place, version: undefined }];
}

function byAge(node: Node, { policy, times, now }: Facts): Verdict {
  if (!policy.untagged) return { goes: false, reason: reasons.notSelected };
  if (!mayGo(node, policy)) return { goes: false, reason: reasons.artifactType(node.manifest.kind) };
  const { olderThan } = policy.untagged;
  const time = times[node.id];
  if (!olderThan || isOlder(time, olderThan, now)) return { goes: true, reason: reasons.untagged };
  return { goes: false, reason: time === undefined ? reasons.neverOld(node, olderThan) : reasons.youngerThanRule(olderThan, rule) };
}
