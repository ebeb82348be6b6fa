import type { Deletion, Inventory } from "../../registries/image-registry";
import { closure, hangsOn } from "./closure";
import { incompleteness } from "./completeness";
import { type Graph, graphOf, isGhost, isPartial, type Node } from "./graph";
import type { ImagePlan, RepositoryPlan } from "./plan";
import { satelliteOf } from "./satellite";
import { mostTops } from "./tops-of";

export interface Reconciled {
  /** What may still go, in the plan's order. What is gone already is among it: it may be there and not be shown. */
  readonly deletions: readonly Deletion[];
  /** What stays because something is different now, with a short phrase that says what. */
  readonly changed: readonly { readonly deletion: Deletion; readonly text: string }[];
}

/**
 * What of a plan may still go, given a complete inventory of now: nothing that got a new tag, lost its tag to another image, is needed by something
 * new, or is no longer what it was selected for; and nothing that belongs to these. The same rules hold as for the plan: after each of the
 * deletions everything that stays can be pulled whole. In a world that has not changed, that is the plan.
 */
export function reconcile(plan: RepositoryPlan, fresh: Inventory): Reconciled {
  const protectedBy = incompleteness(fresh) ?? newDangling(plan, fresh);
  if (protectedBy !== undefined) return { deletions: [], changed: plan.deletions.map((deletion) => ({ deletion, text: protectedBy })) };
  const planned = new Map(
    plan.deletions.flatMap((deletion) => (deletion.kind === "manifest" ? [[deletion.digest, deletion.tags] as const] : [])),
  );
  const changes = changesOf(plan, planned, fresh);
  const untags = untagsOf(plan.deletions);
  const goes = ({ digest }: Node) => planned.has(digest) && !changes.has(digest);
  const deletions: Deletion[] = [];
  const changed: { deletion: Deletion; text: string }[] = [];
  for (const deletion of plan.deletions) {
    const text = deletion.kind === "manifest" ? changes.get(deletion.digest) : tagChange(deletion, fresh, untags, goes);
    if (text === undefined) deletions.push(deletion);
    else changed.push({ deletion, text });
  }
  return { deletions, changed };
}

function newDangling(plan: RepositoryPlan, { dangling }: Inventory): string | undefined {
  const known = new Set(plan.dangling.map(({ tag }) => tag));
  const tag = [...dangling].sort().find((one) => !known.has(one));
  return tag === undefined ? undefined : `the tag ${tag} points to nothing now, and nobody knows what it needs`;
}

/** Why a planned manifest stays, by digest. */
function changesOf(plan: RepositoryPlan, planned: ReadonlyMap<string, readonly string[]>, fresh: Inventory): Map<string, string> {
  const graph = graphOf(fresh);
  const images = new Map(plan.images.map((image) => [image.digest, image]));
  const changes = new Map<string, string>();
  for (const [digest, tags] of planned) {
    const text = ownChange(digest, tags, images.get(digest), graph, fresh);
    if (text !== undefined) changes.set(digest, text);
  }
  for (const node of graph.nodes) noteNewReferrers(node, images, planned, changes);
  keepFamilies(plan.images, changes);
  // What hangs on anything that stays.
  const staying = graph.nodes.filter(({ digest }) => !planned.has(digest) || changes.has(digest));
  closure(graph.nodes.length, staying, hangsOn, (node, from) => {
    if (from && planned.has(node.digest) && !changes.has(node.digest))
      changes.set(node.digest, `it belongs to ${nameOf(from)}, which stays`);
  });
  return changes;
}

/** What is different about a manifest itself. */
function ownChange(
  digest: string,
  tags: readonly string[],
  image: ImagePlan | undefined,
  graph: Graph,
  fresh: Inventory,
): string | undefined {
  const moved = tags.find((tag) => (fresh.tags.get(tag) ?? digest) !== digest);
  if (moved !== undefined) return `its tag ${moved} points to another image now`;
  const node = graph.byDigest.get(digest);
  if (!node) return undefined;
  const known = new Set(tags);
  const added = node.tags.find((tag) => !known.has(tag));
  if (added !== undefined) return `it has got the tag ${added}`;
  switch (image?.reason.code) {
    case "ghost":
      return isGhost(node) ? undefined : "an image that it consists of exists now";
    case "partial":
      return isPartial(node) || isGhost(node) ? undefined : "all that it consists of exists now";
    case "orphaned":
      return node.orphaned ? undefined : "what it refers to exists now";
    default:
      return undefined;
  }
}

/** Whoever signs an image or attaches something to it wants it to stay. */
function noteNewReferrers(
  node: Node,
  images: ReadonlyMap<string, ImagePlan>,
  planned: ReadonlyMap<string, readonly string[]>,
  changes: Map<string, string>,
): void {
  const image = images.get(node.digest);
  const bySubject = image ? undefined : node.manifest.subject;
  const known = new Set(image?.tags.map(({ tag }) => tag));
  const named = node.tags.filter((tag) => !known.has(tag)).map((tag) => satelliteOf(tag)?.subject);
  for (const subject of [bySubject, ...named]) {
    if (subject !== undefined && subject !== node.digest && planned.has(subject) && !changes.has(subject)) {
      changes.set(subject, `${nameOf(node)} refers to it now`);
    }
  }
}

/** A manifest that moved out of sight keeps what it belongs together with: what that is, only the plan tells. */
function keepFamilies(images: readonly ImagePlan[], changes: Map<string, string>): void {
  if (changes.size === 0) return;
  const families = new Map<string, string>();
  for (const { digest, of = [] } of images) {
    if (!changes.has(digest)) continue;
    for (const top of [digest, ...of]) families.set(top, digest);
  }
  for (const { digest, of = [], action } of images) {
    if (action !== "delete" || changes.has(digest)) continue;
    const top = [digest, ...of].find((one) => families.has(one));
    // Of something that very many share, not all are named.
    if (top !== undefined || of.length >= mostTops) changes.set(digest, "something that it belongs to has changed");
  }
}

/** Why a tag stays. `untags`: by digest, the tags that are to be removed from what stays. */
function tagChange(
  deletion: Exclude<Deletion, { kind: "manifest" }>,
  fresh: Inventory,
  untags: ReadonlyMap<string, ReadonlySet<string>>,
  goes: (node: Node) => boolean,
): string | undefined {
  const digest = fresh.tags.get(deletion.tag);
  if (digest === undefined) return undefined;
  if (deletion.kind === "dangling") return "it points to an image now";
  if (digest !== deletion.digest) return "it points to another image now";
  const node = graphOf(fresh).byDigest.get(digest);
  const isHeld = node?.tags.some((tag) => !untags.get(digest)?.has(tag)) || node?.parents.some((parent) => !goes(parent));
  return isHeld ? undefined : "nothing else keeps its image any more";
}

function untagsOf(deletions: readonly Deletion[]): Map<string, Set<string>> {
  const untags = new Map<string, Set<string>>();
  for (const deletion of deletions) {
    if (deletion.kind !== "tag") continue;
    const tags = untags.get(deletion.digest) ?? new Set();
    untags.set(deletion.digest, tags.add(deletion.tag));
  }
  return untags;
}

function nameOf(node: Node): string {
  return node.tags[0] ?? node.digest.slice(0, node.digest.indexOf(":") + 13);
}
