import { tagHappened } from "./happenings";
import { mirrorAsJob } from "./mirroring";
import { RemoteRegistry, type RemoteTarget } from "./remote-registry";
import type { PushMirroringPolicy, Repository } from "./repositories-model";
import { fulfils } from "./rules";
import { digestOfTag, noteOf } from "./stored-tags";
import { tagNameFrom } from "./tag-template";
import { pathOf, type World } from "./world";

/** Evaluates the enabled policies of a repository on these tags, and begins a job for each tag that one of them is for. */
export function mirrorByPolicies(world: World, repository: Repository, tags: readonly string[]): void {
  for (const policy of repository.pushMirroringPolicies.values()) if (policy.enabled) mirrorByPolicy(world, repository, policy, tags);
}

export function mirrorByPolicy(world: World, repository: Repository, policy: PushMirroringPolicy, tags: readonly string[]): void {
  for (const tag of tags) {
    if (!fulfils(world, repository, tag, policy.rules)) continue;
    const remoteTag = tagNameFrom(policy.tagTemplate, tag, world.clock.now());
    const parameters = { tag, remoteTag };
    mirrorAsJob(world, { action: "push_mirror_tag", repository, policy, parameters }, async (log) => {
      await pushTag(world, repository, tag, { target: policy, remoteTag, policyId: policy.id });
      log(`pushed ${pathOf(repository)}:${tag} to ${policy.remoteHost}/${policy.remoteRepository}:${remoteTag}`);
    });
  }
}

export interface PushTo {
  readonly target: RemoteTarget;
  readonly remoteTag: string;
  /** Empty for one that a person asked for. */
  readonly policyId: string;
}

/** Sends a tag to a remote repository, unless it is there already: so mirrors in a circle come to an end. Gives its digest. */
export async function pushTag(world: World, repository: Repository, tag: string, { target, remoteTag, policyId }: PushTo): Promise<string> {
  const digest = digestOfTag(world, repository, tag) ?? "";
  const remote = new RemoteRegistry(world, target);
  if ((await remote.digestOf(remoteTag)) !== digest) await remote.push(pathOf(repository), digest, remoteTag);
  const { remoteRepository } = target;
  const note = noteOf(world, repository, tag);
  repository.notes.set(tag, { ...note, mirroring: { policyId, digest, remoteRepository, remoteTag } });
  const more = { remoteRepository, remoteTag, remoteHost: target.remoteHost };
  tagHappened(world, repository, tag, "PUSH_MIRRORING", note.author, more);
  return digest;
}
