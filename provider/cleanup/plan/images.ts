import { type Bytes, sizeOf } from "./bytes";
import type { NodeSet } from "./closure";
import type { Doom } from "./doom";
import { type Facts, guardOfTag } from "./facts";
import { isRoot, type Node } from "./graph";
import type { ImagePlan, Reason, TagPlan } from "./plan";
import * as reasons from "./reasons";
import { formatTime } from "./trust";
import type { Verdict, Verdicts } from "./verdicts";

export interface Explained {
  readonly facts: Facts;
  readonly verdicts: Verdicts;
  readonly doom: Doom;
  readonly bytes: Bytes;
  /** Why no tag can be removed alone. */
  readonly cannotUntag: string | undefined;
  /** What a name that stays leads to. */
  readonly anchored: NodeSet;
  /** The tops that a follower goes with. */
  readonly topsOf: (node: Node) => readonly string[];
}

/** The decision on a manifest that goes. */
export function imageThatGoes(explained: Explained, node: Node): ImagePlan {
  const { doom, verdicts, bytes, facts, topsOf } = explained;
  const reason = (doom.blocked(node) ? undefined : doom.wanted(node)) ?? reasons.followsRoot;
  const isSwitched = facts.switched[node.id] !== undefined;
  const tags = eachTag(node, verdicts, (tag, verdict): TagPlan => {
    return { tag, action: "delete", reason: isSwitched || !verdict?.goes ? reason : verdict.reason };
  });
  return imagePlan(node, isRoot(node) ? [] : topsOf(node), { action: "delete", reason, tags, bytes: bytes.freedBy[node.id] ?? 0 });
}

/** The decision on a manifest that stays, and on its tags. */
export function imageThatStays(explained: Explained, node: Node): ImagePlan {
  const standing = standingOf(explained, node);
  const tags = eachTag(node, explained.verdicts, (tag, verdict): TagPlan => {
    // A signature's or list's own tag goes with its manifest only.
    const guard = guardOfTag(tag, explained.facts.policy);
    return verdict ? { tag, ...decide(explained, standing, guard, verdict) } : { tag, ...keep(guard ?? standing.reason) };
  });
  return imagePlan(node, [], { action: "keep", reason: standing.reason, tags, bytes: sizeOf(node) });
}

/** The same where one reason keeps everything. */
export function imageThatStaysFor(reason: Reason, node: Node): ImagePlan {
  const tags = node.tags.map((tag): TagPlan => ({ tag, ...keep(reason) }));
  return imagePlan(node, [], { action: "keep", reason, tags, bytes: sizeOf(node) });
}

const keep = (reason: Reason) => ({ action: "keep", reason }) as const;

/** With the verdict on each name; satellites have none. Names are among the tags, in the same order. */
function eachTag(node: Node, { ofNames }: Verdicts, decided: (tag: string, verdict: Verdict | undefined) => TagPlan): TagPlan[] {
  let at = 0;
  return node.tags.map((tag) => {
    const isName = node.names[at] === tag;
    if (isName) at += 1;
    return decided(tag, isName ? ofNames[node.id]?.[at - 1] : undefined);
  });
}

function imagePlan(
  { digest, role, manifest }: Node,
  of: readonly string[],
  { action, reason, tags, bytes }: Pick<ImagePlan, "action" | "reason" | "tags" | "bytes">,
): ImagePlan {
  const created = formatTime(manifest.created);
  const { kind } = manifest;
  // Most are of the first form. Spreading what may be absent would take a tenth of the time of a large plan.
  if (of.length === 0 && created !== undefined) return { digest, role, kind, action, reason, tags, created, bytes };
  return { digest, role, ...(of.length > 0 && { of }), kind, action, reason, tags, ...(created !== undefined && { created }), bytes };
}

/** Why a manifest stays, and what that means for its tags. */
interface Standing {
  readonly node: Node;
  readonly reason: Reason;
  /** A name of it that no rule lets go. */
  readonly stayingName: string | undefined;
  /** What it is needed for: an index, or something that it refers to. */
  readonly relation: Reason | undefined;
  readonly isHeldByIndex: boolean;
}

function standingOf({ facts, verdicts, doom }: Explained, node: Node): Standing {
  const index = node.parents.find((parent) => !doom.goes(parent));
  const relation = relationOf(node, index, doom);
  const ofNames = verdicts.ofNames[node.id] ?? [];
  const stayingName = node.names[ofNames.findIndex(({ goes }) => !goes)];
  const reason = reasonOf(node, ofNames, { facts, verdicts, doom }, relation);
  return { node, reason, stayingName, relation, isHeldByIndex: index !== undefined };
}

function relationOf(node: Node, index: Node | undefined, doom: Doom): Reason | undefined {
  if (index) return node.role === "referrer" ? reasons.refersTo(index.subjects[0] ?? index) : reasons.partOf(index);
  const subject = node.subjects.find((other) => !doom.goes(other));
  return subject && reasons.refersTo(subject);
}

function reasonOf(
  node: Node,
  ofNames: readonly Verdict[],
  { facts, verdicts, doom }: Pick<Explained, "facts" | "verdicts" | "doom">,
  relation: Reason | undefined,
): Reason {
  const guard = facts.guards[node.id];
  if (guard) return guard;
  if (doom.wanted(node)) return doom.blocked(node) ?? relation ?? reasons.notSelected;
  const staying = ofNames.find(({ goes, reason }) => !goes && reason.code !== "not-selected") ?? ofNames.find(({ goes }) => !goes);
  return staying?.reason ?? verdicts.ofUntagged[node.id]?.reason ?? doom.held(node) ?? relation ?? reasons.notSelected;
}

function decide(
  { facts, doom, cannotUntag, anchored }: Explained,
  { node, reason, stayingName, relation, isHeldByIndex }: Standing,
  guardOfItself: Reason | undefined,
  verdict: Verdict,
): Pick<TagPlan, "action" | "reason"> {
  const guard = facts.guards[node.id];
  if (guard) return keep(guardOfItself ?? (verdict.goes ? reasons.sharesExcluded(guard) : verdict.reason));
  // A rule or switch wants it as a whole.
  if (doom.wanted(node)) return keep(reason);
  if (!verdict.goes) return keep(verdict.reason);
  if (doom.young(node)) return keep(doom.blocked(node) ?? reason);
  // Where there is no API for referrers, a tag may be all that leads to one.
  if (node.refers) return keep(reasons.blocked(relation ?? reason));
  if (verdict.unlessHeld && isHeldByIndex) return keep(relation ?? reason);
  if (stayingName === undefined) {
    if (!isHeldByIndex || doom.held(node)) return keep(reasons.blocked(reason));
    if (!anchored.has(node)) return keep(reasons.blocked(relation ?? reason));
  }
  if (cannotUntag === undefined) return { action: "untag", reason: verdict.reason };
  return keep(stayingName === undefined ? reasons.cannotUntag(cannotUntag) : reasons.sharedWith(stayingName, cannotUntag));
}
