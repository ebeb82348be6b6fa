import type { PruningPolicy, Repository, Rule } from "./repositories-model";
import { fulfils } from "./rules";
import { tagsOf } from "./stored-tags";
import { removeTag } from "./tag-life";
import type { World } from "./world";

/** The tags that a policy with these rules would delete: never signed ones. */
export function prunable(world: World, repository: Repository, rules: readonly Rule[]): readonly string[] {
  return tagsOf(world, repository).filter((tag) => !repository.signed.has(tag) && fulfils(world, repository, tag, rules));
}

/** Deletes what the policy says; gives the names of the tags. */
export function prune(world: World, repository: Repository, policy: PruningPolicy): readonly string[] {
  const doomed = prunable(world, repository, policy.rules);
  for (const tag of doomed) removeTag(world, repository, tag, {});
  policy.lastPrunedAt = world.clock.now();
  return doomed;
}

/** Evaluates the enabled policies of a repository, as it is done when one of them is created or changed, and every 15 minutes. */
export function pruneByPolicies(world: World, repository: Repository): readonly string[] {
  return [...repository.pruningPolicies.values()].flatMap((policy) => (policy.enabled ? prune(world, repository, policy) : []));
}
