import type { Deletion, DeletionSupport, Inventory } from "../../registries/image-registry";
import type { CompiledPolicy } from "../policy/compile";
import { anchored } from "./anchors";
import { countBytes } from "./bytes";
import { danglingProblem, incompleteness } from "./completeness";
import { type Doom, doomOf } from "./doom";
import { type Facts, factsOf, guardOfTag } from "./facts";
import { type Graph, isRoot, type Node } from "./graph";
import { type Explained, imageThatGoes, imageThatStays, imageThatStaysFor } from "./images";
import { newestFirst } from "./newest";
import { deletionOrder } from "./order";
import { picksOf } from "./pick";
import type { ImagePlan, PlanCounts, RepositoryPlan, TagPlan } from "./plan";
import * as reasons from "./reasons";
import type { Answers } from "./source-control";
import { topsOf } from "./tops-of";
import { cannotUntag, cannotUntagDangling } from "./untag";
import { verdictsOf } from "./verdicts";

export interface PlanInput {
  readonly inventory: Inventory;
  readonly policy: CompiledPolicy;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly answers: Answers;
  /** What the registry can delete. Absent: not asked, and taken to be everything. */
  readonly deletion?: DeletionSupport | undefined;
}

/**
 * What is to go from a repository, and why everything else stays. Pure; the same whatever the order in which the inventory lists things.
 * What is kept can be pulled whole after each of the deletions: they take nothing that it needs.
 */
export function planRepository({ inventory, policy, now, answers, deletion }: PlanInput): RepositoryPlan {
  const facts = factsOf(inventory, policy, now);
  const { graph, policy: rules } = facts;
  const problem = incompleteness(inventory) ?? danglingGuard(inventory, facts);
  if (problem !== undefined) return untouched(inventory, facts, problem);
  const verdicts = verdictsOf(facts, picksOf(facts, answers));
  const doom = doomOf(facts, verdicts, deletion);
  const tops = oldestFirst(doom.tops, facts);
  const order = deletionOrder(graph, { tops, goes: doom.goes });
  const bytes = countBytes(graph, order, doom.goes);
  const unable = cannotUntag(deletion, rules);
  const explained: Explained = {
    facts,
    verdicts,
    doom,
    bytes,
    cannotUntag: unable,
    anchored: anchored(graph, verdicts, doom),
    topsOf: topsOf(graph, tops, doom.goes),
  };
  const staying = newestFirst(
    graph.nodes.filter((node) => !doom.goes(node) && isShown(node, doom)),
    facts.times,
  );
  const going = order.map((node) => imageThatGoes(explained, node));
  const kept = staying.map((node) => imageThatStays(explained, node));
  const images = [...going, ...kept];
  const dangling = danglingPlans(inventory, cannotUntagDangling(deletion, rules));
  const deletions = deletionsOf(kept, dangling, order);
  return {
    repository: inventory.repository,
    warnings: warningsOf(images, deletions, deletion),
    images,
    dangling,
    deletions,
    counts: { ...countsOf(graph, doom, images, deletions), bytesKept: bytes.kept, bytesFreed: bytes.freed },
  };
}

/** Every root, what has a name of its own, and what stays although something that it hangs on goes. */
function isShown(node: Node, doom: Doom): boolean {
  return (
    isRoot(node) ||
    node.names.length > 0 ||
    doom.wanted(node) !== undefined ||
    node.parents.some(doom.goes) ||
    node.subjects.some(doom.goes)
  );
}

function danglingGuard({ dangling }: Inventory, { policy }: Facts): string | undefined {
  if (!policy.deleteDanglingTags) return danglingProblem(dangling, false);
  // Whatever an excluded one needs is excluded, too, and nobody knows what that is.
  return danglingProblem(
    dangling.filter((tag) => guardOfTag(tag, policy)),
    true,
  );
}

function danglingPlans({ dangling }: Inventory, unable: string | undefined): TagPlan[] {
  return [...dangling].sort().map((tag): TagPlan => {
    if (unable === undefined) return { tag, action: "delete", reason: reasons.dangling };
    return { tag, action: "keep", reason: reasons.cannotUntagDangling(unable) };
  });
}

/** Tags of what stays first, then tags that point to nothing, then manifests. */
function deletionsOf(kept: readonly ImagePlan[], dangling: readonly TagPlan[], order: readonly Node[]): Deletion[] {
  const untags: Deletion[] = [];
  kept.forEach(({ digest, tags }) => {
    for (const { tag, action } of tags) if (action === "untag") untags.push({ kind: "tag", tag, digest });
  });
  return [
    ...untags,
    ...dangling.filter(({ action }) => action === "delete").map(({ tag }): Deletion => ({ kind: "dangling", tag })),
    ...order.map(({ digest, tags }): Deletion => ({ kind: "manifest", digest, tags })),
  ];
}

function countsOf(
  { nodes }: Graph,
  doom: Doom,
  images: readonly ImagePlan[],
  deletions: readonly Deletion[],
): Omit<PlanCounts, "bytesKept" | "bytesFreed"> {
  let [taggedRoots, doomedTaggedRoots, kept] = [0, 0, 0];
  nodes.forEach((node) => {
    if (!isRoot(node)) return;
    const goes = doom.goes(node);
    if (!goes) kept += 1;
    if (node.names.length === 0) return;
    taggedRoots += 1;
    if (goes) doomedTaggedRoots += 1;
  });
  const digests = deletions.filter(({ kind }) => kind === "manifest").length;
  // What follows nothing else that goes counts as a root: a referrer whose subject is gone already.
  const leading = doom.tops.filter((node) => isRoot(node) || !(node.parents.some(doom.goes) || node.subjects.some(doom.goes)));
  return {
    taggedRoots,
    doomedTaggedRoots,
    roots: leading.length,
    digests,
    untagged: deletions.length - digests,
    kept,
    blocked: images.reduce((sum, image) => sum + blockedOf(image), 0),
  };
}

/** A root that stays as a whole counts once, whatever the number of its tags. */
function blockedOf({ reason, tags }: ImagePlan): number {
  return reason.blocked ? 1 : tags.filter((tag) => tag.reason.blocked).length;
}

function warningsOf(images: readonly ImagePlan[], deletions: readonly Deletion[], support: DeletionSupport | undefined): string[] {
  if (!support) return [];
  const stays = images.filter(({ reason }) => reason.code === "cannot-delete").length;
  if (stays > 0) {
    return [`${stays === 1 ? "1 image that is to go stays" : `${stays} images that are to go stay`}, because ${inWords(support)}.`];
  }
  const denied = deletions.some(({ kind }) => (kind === "manifest" ? support.manifest : support.tag) === "denied");
  return denied ? ["These credentials may not delete here: this is what would go with others."] : [];
}

function inWords({ manifest }: DeletionSupport): string {
  if (manifest === "immutable") return "the repository's tags are immutable";
  return manifest === "readonly" ? "the registry is read-only" : "deletion is switched off in the registry";
}

/** Nothing goes: nobody knows what is needed. */
function untouched({ repository, dangling }: Inventory, { graph, times }: Facts, problem: string): RepositoryPlan {
  const reason = { code: "unreadable", text: problem } as const;
  const roots = newestFirst(graph.nodes.filter(isRoot), times);
  const bytes = countBytes(graph, [], () => false);
  return {
    repository,
    problem,
    warnings: [],
    images: roots.map((node) => imageThatStaysFor(reason, node)),
    dangling: [...dangling].sort().map((tag) => ({ tag, action: "keep", reason })),
    deletions: [],
    counts: {
      taggedRoots: roots.filter(({ names }) => names.length > 0).length,
      doomedTaggedRoots: 0,
      roots: 0,
      digests: 0,
      untagged: 0,
      kept: roots.length,
      blocked: 0,
      bytesKept: bytes.kept,
      bytesFreed: 0,
    },
  };
}

/** An interruption leaves the youngest. */
function oldestFirst(tops: readonly Node[], { times }: Facts): Node[] {
  return newestFirst(tops, times).reverse();
}
