import type { RepositoryPlan } from "../../provider/cleanup/plan/plan";
import type { AppliedDeletion, RepositoryReport } from "../../provider/cleanup/run/report";
import type { Deletion } from "../../provider/registries/image-registry";

/** How a deletion is found again: a digest and a tag cannot be mistaken for each other, as a tag holds no colon. */
export const deletionKey = (deletion: Deletion): string => (deletion.kind === "manifest" ? deletion.digest : deletion.tag);

/** What of a repository's plan did not go as planned, by key. Whatever is not in it went. */
export type Exceptions = ReadonlyMap<string, AppliedDeletion>;

/** `report`: what became of the plan; undefined, or empty, if the repository was not come to. */
export function exceptionsIn(plan: RepositoryPlan, report: RepositoryReport | undefined): Exceptions {
  const results =
    report && report.results.length > 0
      ? report.results.filter(({ outcome }) => outcome !== "deleted")
      : plan.deletions.map((deletion): AppliedDeletion => ({ deletion, outcome: "unattempted", bytes: 0 }));
  return new Map(results.map((result) => [deletionKey(result.deletion), result]));
}

/** Why each digest and tag of a plan goes, by key. */
export function reasonsOf(plan: RepositoryPlan): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const image of plan.images) {
    if (image.action === "delete") reasons.set(image.digest, image.reason.text);
    for (const { tag, action, reason } of image.tags) if (action === "untag") reasons.set(tag, reason.text);
  }
  for (const { tag, action, reason } of plan.dangling) if (action === "delete") reasons.set(tag, reason.text);
  return reasons;
}
