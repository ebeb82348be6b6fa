import type { Deletion } from "../../registries/image-registry";
import type { ImagePlan, PlanCounts, RepositoryPlan } from "../plan/plan";
import { keyOf } from "./ledger";

/**
 * Where a plan says one thing to people (its images and counts, which reviews and bounds look at) and another to `apply` (its deletions).
 * Undefined if it does not.
 */
export function contradiction({ problem, images, dangling, deletions, counts }: RepositoryPlan): string | undefined {
  if (problem !== undefined && deletions.length > 0) return "something goes although the repository could not be planned";
  if (new Set(deletions.map(keyOf)).size !== deletions.length) return "something is deleted twice";
  const goes = images.filter(({ action }) => action === "delete");
  const manifests = keysOf(deletions, "manifest");
  if (
    !isSame(
      manifests,
      goes.map(({ digest }) => digest),
    )
  )
    return "the images that go are not those that are deleted";
  const untags = images.flatMap(({ digest, tags }) =>
    tags.filter(({ action }) => action === "untag").map(({ tag }) => keyOf({ kind: "tag", tag, digest })),
  );
  if (!isSame(keysOf(deletions, "tag"), untags)) return "the tags that go are not those that are deleted";
  const danglingGoes = dangling.filter(({ action }) => action === "delete").map(({ tag }) => tag);
  if (!isSame(keysOf(deletions, "dangling"), danglingGoes)) return "the dangling tags that go are not those that are deleted";
  return miscount(goes, counts, { digests: manifests.length, untagged: untags.length + danglingGoes.length });
}

/** Followers that lead nowhere any more may count as roots, too: never fewer than there are. */
function miscount(
  goes: readonly ImagePlan[],
  counts: PlanCounts,
  { digests, untagged }: Pick<PlanCounts, "digests" | "untagged">,
): string | undefined {
  if (counts.digests !== digests) return `${counts.digests} digests are counted, and ${digests} are deleted`;
  if (counts.untagged !== untagged) return `${counts.untagged} removed tags are counted, and there are ${untagged}`;
  const roots = goes.filter(({ role }) => role === "root");
  const tagged = roots.filter(({ tags }) => tags.length > 0).length;
  const isRight = counts.roots >= roots.length && counts.roots <= digests && counts.doomedTaggedRoots === tagged;
  return isRight ? undefined : "its roots are counted wrongly";
}

const keysOf = (deletions: readonly Deletion[], kind: Deletion["kind"]) =>
  deletions.filter((deletion) => deletion.kind === kind).map(keyOf);

/** The same members, in whatever order; the second may hold one twice and then is not the same. */
function isSame(some: readonly string[], others: readonly string[]): boolean {
  const members = new Set(some);
  return some.length === others.length && new Set(others).size === others.length && others.every((other) => members.has(other));
}
