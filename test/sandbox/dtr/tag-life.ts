import { actorOf, type Principal } from "./access";
import { tagHappened } from "./happenings";
import { mirrorByPolicies } from "./push-mirroring";
import type { PromotionPolicy, Repository, TagNote } from "./repositories-model";
import { fulfils } from "./rules";
import { copyImage, digestOfTag, isFixed, tagsOf } from "./stored-tags";
import { tagNameFrom } from "./tag-template";
import { pathOf, type World } from "./world";

/** How a tag came: by push, by promotion, or from a remote repository. */
export interface Arrival {
  readonly by: Principal;
  readonly promotion?: TagNote["promotion"];
}

export interface Promotion {
  readonly source: Repository;
  readonly tag: string;
  readonly target: Repository;
  readonly targetTag: string;
  readonly by: Principal;
  /** Empty for one that a person asked for. */
  readonly policyId: string;
}

/** What happens when a tag was pushed or put: event and webhooks, promotion and mirroring by the policies, and the tag limit. */
export function tagArrived(world: World, repository: Repository, tag: string, { by, promotion }: Arrival): void {
  const known = repository.notes.get(tag);
  repository.notes.set(tag, { author: actorOf(by), createdAt: known?.createdAt ?? world.clock.now(), ...(promotion && { promotion }) });
  repository.pushes += 1;
  tagHappened(world, repository, tag, "TAG_PUSH", actorOf(by));
  tagChanged(world, repository, [tag], by);
  keepLimit(world, repository);
}

/** Evaluates promotion and push mirroring for tags that were pushed, or of which a scan found out more. */
export function tagChanged(world: World, repository: Repository, tags: readonly string[], by: Principal): void {
  for (const policy of repository.promotionPolicies.values()) if (policy.enabled) promoteByPolicy(world, repository, policy, tags, by);
  mirrorByPolicies(world, repository, tags);
}

/** Promotes those of the tags that fulfil the policy. A target that went, or a fixed tag in it, is passed over. */
export function promoteByPolicy(world: World, source: Repository, policy: PromotionPolicy, tags: readonly string[], by: Principal): void {
  for (const tag of tags) {
    const target = world.repositories.get(policy.targetRepository);
    if (!target || !fulfils(world, source, tag, policy.rules)) continue;
    const targetTag = tagNameFrom(policy.tagTemplate, tag, world.clock.now());
    // Equal already: so policies that promote in a circle come to an end.
    if (digestOfTag(world, source, tag) === digestOfTag(world, target, targetTag) || isFixed(world, target, targetTag)) continue;
    promote(world, { source, tag, target, targetTag, by, policyId: policy.id });
    policy.lastPromotedAt = world.clock.now();
  }
}

/** Copies the image into the target; for the target it is as if it had been pushed. */
export function promote(world: World, { source, tag, target, targetTag, by, policyId }: Promotion): void {
  const digest = digestOfTag(world, source, tag);
  if (digest === undefined) return;
  copyImage(world.store, pathOf(source), digest, pathOf(target), targetTag);
  const from = { policyId, repository: pathOf(source), tag };
  const more = { sourceRepository: pathOf(source), sourceTag: tag, targetRepository: pathOf(target), targetTag };
  tagHappened(world, target, targetTag, "PROMOTION", actorOf(by), more);
  tagArrived(world, target, targetTag, { by, promotion: from });
}

/** Removes the name and nothing else. */
export function removeTag(world: World, repository: Repository, tag: string, by: Principal): void {
  tagHappened(world, repository, tag, "TAG_DELETE", actorOf(by));
  world.store.deleteTag(pathOf(repository), tag);
  repository.notes.delete(tag);
}

/** First in, first out; immutability switches the limit off, and signed tags stay. */
function keepLimit(world: World, repository: Repository): void {
  if (repository.tagLimit === 0 || repository.immutableTags) return;
  const tags = tagsOf(world, repository);
  const surplus = tags.slice(0, Math.max(0, tags.length - repository.tagLimit));
  for (const tag of surplus) if (!repository.signed.has(tag)) removeTag(world, repository, tag, {});
}
