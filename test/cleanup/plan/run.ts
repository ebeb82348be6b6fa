import type { ImagePlan, RepositoryPlan } from "../../../provider/cleanup/plan/plan";
import { planRepository } from "../../../provider/cleanup/plan/plan-repository";
import type { Answers } from "../../../provider/cleanup/plan/source-control";
import { compilePolicy } from "../../../provider/cleanup/policy/compile";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import type { DeletionSupport } from "../../../provider/registries/image-registry";
import { emptyPolicy } from "../arbitraries";
import { applyDeletion, copyOf, inventoryOf, modelNow, type RepositoryState, type View } from "../model";

/** Pull request 1 is open, 2 closed, of 3 nobody knows; the old branch is gone. */
export const answers: Answers = {
  pullRequests: new Map([
    [1, "open"],
    [2, "closed"],
  ]),
  branches: new Set(["main", "feature/a"]),
};

export interface PlanOptions {
  readonly view?: View;
  readonly answers?: Answers;
  readonly deletion?: DeletionSupport;
}

/** The plan of a repository under a policy, of which only what matters is said. */
export function planOf(state: RepositoryState, policy: Partial<Policy>, options: PlanOptions = {}): RepositoryPlan {
  return planRepository({
    inventory: inventoryOf(state, { digests: policy.keep?.digests ?? [], ...options.view }),
    policy: compilePolicy({ ...emptyPolicy, ...policy }),
    now: modelNow,
    answers: options.answers ?? answers,
    deletion: options.deletion,
  });
}

/** The repository after the first so many deletions of a plan. */
export function afterDeletions(
  state: RepositoryState,
  { deletions }: Pick<RepositoryPlan, "deletions">,
  count = deletions.length,
): RepositoryState {
  const copy = copyOf(state);
  for (const deletion of deletions.slice(0, count)) applyDeletion(copy, deletion);
  return copy;
}

/** Tags that a repository has lost. */
export function lostTags(before: RepositoryState, after: RepositoryState): string[] {
  return [...before.tags.keys()].filter((tag) => !after.tags.has(tag)).sort();
}

export function lostDigests(before: RepositoryState, after: RepositoryState): string[] {
  return [...before.manifests.keys()].filter((digest) => !after.manifests.has(digest)).sort();
}

/** Tags that the plan takes away, whether with their manifests or alone. */
export function doomedTags({ deletions }: RepositoryPlan): string[] {
  return deletions.flatMap((deletion) => (deletion.kind === "manifest" ? deletion.tags : [deletion.tag])).sort();
}

export function imageOf({ images }: RepositoryPlan, { digest }: { readonly digest: string }): ImagePlan | undefined {
  return images.find((image) => image.digest === digest);
}

/** What the plan says of a tag. */
export function tagOf({ images, dangling }: RepositoryPlan, tag: string) {
  return [...images.flatMap(({ tags }) => tags), ...dangling].find((one) => one.tag === tag);
}
