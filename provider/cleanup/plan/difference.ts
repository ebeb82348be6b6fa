import type { Deletion } from "../../registries/image-registry";
import type { ImagePlan, Reason, RepositoryPlan, Role } from "./plan";

/** What goes from a repository under one of two policies only. */
export interface RepositoryDifference {
  readonly repository: string;
  /** Why the two could not be compared here. Then the rest is empty. */
  readonly problem?: string;
  /** Goes under the policy, and stays under the one that it is compared with. */
  readonly deleted: OneSided;
  /** Stays under the policy, and goes under the one that it is compared with. */
  readonly kept: OneSided;
}

/** What goes under one policy and stays under the other. */
export interface OneSided {
  /** Digests, as in `PlanCounts`: roots, children, referrers. */
  readonly digests: number;
  /** Tags whose digest stays, or that point to nothing. */
  readonly tags: number;
  /** The first of them: roots, then tags, then what follows roots. */
  readonly items: readonly OneSidedItem[];
}

/** A digest with its tags, or one tag alone. */
export interface OneSidedItem {
  /** Absent: a tag that points to nothing. */
  readonly digest?: string;
  /** Of a digest. Absent: a tag alone, whose digest stays under both. */
  readonly role?: Role;
  readonly tags: readonly string[];
  /** RFC 3339. */
  readonly created?: string;
  /** Why it goes under the one, and why it stays under the other. */
  readonly goes: Reason;
  /** Absent: it is part of what stays, and has no reason of its own. */
  readonly stays?: Reason;
}

/** As much of a plan as says what goes. */
export type Fates = Pick<RepositoryPlan, "problem" | "images" | "dangling" | "deletions">;

const nothing: OneSided = { digests: 0, tags: 0, items: [] };
const noFates: Fates = { images: [], dangling: [], deletions: [] };
const notAbout: Reason = { code: "not-selected", text: "the policy is not about this repository" };

/** Nobody knows in what the two differ here. */
export const incomparable = (repository: string, problem: string): RepositoryDifference => ({
  repository,
  problem,
  deleted: nothing,
  kept: nothing,
});

/** Whether there is something to tell. */
export const isTold = ({ problem, deleted, kept }: RepositoryDifference): boolean =>
  problem !== undefined || deleted.digests + deleted.tags + kept.digests + kept.tags > 0;

/**
 * Holds the plan of a repository against another one of the same repository. Undefined: that policy is not about the repository, so that
 * nothing goes. A tag counts as gone if it is removed or its digest is deleted. `most`: items that are named on each side.
 */
export function differenceOf(
  repository: string,
  { plan, other }: { readonly plan: Fates | undefined; readonly other: Fates | undefined },
  most: number,
): RepositoryDifference {
  return { repository, deleted: oneSided(plan, other, most), kept: oneSided(other, plan, most) };
}

/** What goes under `one` and stays under `other`. */
function oneSided(one: Fates | undefined, other: Fates | undefined, most: number): OneSided {
  if (one === undefined || one.deletions.length === 0) return nothing;
  const gone = keysOf(other ?? noFates);
  const different = one.deletions.filter((deletion) => !gone.has(keyOf(deletion)));
  if (different.length === 0) return nothing;
  const digests = different.filter(({ kind }) => kind === "manifest").length;
  const items = itemsOf(new Set(different.map(keyOf)), one, most);
  const stays = other === undefined ? () => notAbout : reasonsIn(other, new Set(items.map(itemKey)));
  return {
    digests,
    tags: different.length - digests,
    items: items.map((item) => {
      const reason = stays(itemKey(item));
      return reason === undefined ? item : { ...item, stays: reason };
    }),
  };
}

/** A digest and a tag cannot be mistaken for each other: a tag holds no colon. */
const keyOf = (deletion: Deletion): string => (deletion.kind === "manifest" ? deletion.digest : deletion.tag);
const itemKey = ({ role, digest, tags }: OneSidedItem): string => (role !== undefined && digest !== undefined ? digest : (tags[0] ?? ""));

/** Everything that is gone in the end: digests, their tags, and tags that were removed alone. */
function keysOf({ deletions }: Fates): Set<string> {
  const keys = new Set(deletions.map(keyOf));
  for (const deletion of deletions) if (deletion.kind === "manifest") for (const tag of deletion.tags) keys.add(tag);
  return keys;
}

function itemsOf(wanted: ReadonlySet<string>, { images, dangling }: Fates, most: number): OneSidedItem[] {
  const roots: OneSidedItem[] = [];
  const tags: OneSidedItem[] = [];
  const followers: OneSidedItem[] = [];
  const add = (list: OneSidedItem[], item: () => OneSidedItem) => void (list.length < most && list.push(item()));
  for (const image of images) {
    if (image.action === "delete") {
      if (wanted.has(image.digest)) add(image.role === "root" ? roots : followers, () => imageItem(image));
      continue;
    }
    for (const { tag, action, reason } of image.tags)
      if (action === "untag" && wanted.has(tag)) add(tags, () => ({ digest: image.digest, tags: [tag], goes: reason }));
  }
  for (const { tag, action, reason } of dangling)
    if (action === "delete" && wanted.has(tag)) add(tags, () => ({ tags: [tag], goes: reason }));
  return [...roots, ...tags, ...followers].slice(0, most);
}

const imageItem = ({ digest, role, tags, created, reason }: ImagePlan): OneSidedItem => ({
  digest,
  role,
  tags: tags.map(({ tag }) => tag),
  ...(created !== undefined && { created }),
  goes: reason,
});

/** Why these stay under a plan. */
function reasonsIn({ problem, images, dangling }: Fates, wanted: ReadonlySet<string>): (key: string) => Reason | undefined {
  const reasons = new Map<string, Reason>();
  for (const { digest, reason, tags } of images) {
    if (wanted.has(digest)) reasons.set(digest, reason);
    for (const one of tags) if (wanted.has(one.tag)) reasons.set(one.tag, one.reason);
  }
  for (const { tag, reason } of dangling) if (wanted.has(tag)) reasons.set(tag, reason);
  // Of a repository that a policy leaves alone as a whole, a plan lists the roots only.
  const otherwise: Reason | undefined = problem === undefined ? undefined : { code: "unreadable", text: problem };
  return (key) => reasons.get(key) ?? otherwise;
}
