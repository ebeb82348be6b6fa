import { tagHappened } from "./happenings";
import { mirrorAsJob, noted } from "./mirroring";
import { RemoteRegistry } from "./remote-registry";
import type { MirroringPolicy, Repository } from "./repositories-model";
import { digestOfTag, isFixed } from "./stored-tags";
import { tagArrived } from "./tag-life";
import { pathOf, type World } from "./world";

type Log = (line: string) => void;

/** Begins the job of one policy. */
export function pollSoon(world: World, repository: Repository, policy: MirroringPolicy): void {
  mirrorAsJob(world, { action: "poll_mirror", repository, policy }, (log) => fetchTags(world, repository, policy, log));
}

/** What the job `poll_mirror` does: every enabled policy of every repository; one that fails does not keep the others from their turn. */
export async function pollAll(world: World, log: Log): Promise<void> {
  for (const repository of world.repositories.values()) {
    for (const policy of repository.pollMirroringPolicies.values()) {
      if (!policy.enabled) continue;
      try {
        await noted(world, policy, () => fetchTags(world, repository, policy, log));
      } catch (error) {
        log(`${pathOf(repository)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}

/** Fetches every tag of the remote repository that is not here, or is another image here. Tags that went there stay here. */
async function fetchTags(world: World, repository: Repository, policy: MirroringPolicy, log: Log): Promise<void> {
  const remote = new RemoteRegistry(world, policy);
  for (const tag of await remote.tags()) {
    const digest = await remote.digestOf(tag);
    if (digest === digestOfTag(world, repository, tag) || isFixed(world, repository, tag)) continue;
    await remote.pull(tag, pathOf(repository), tag);
    log(`pulled ${policy.remoteHost}/${policy.remoteRepository}:${tag} into ${pathOf(repository)}`);
    const more = { remoteHost: policy.remoteHost, remoteRepository: policy.remoteRepository };
    tagHappened(world, repository, tag, "POLL_MIRRORING", "", more);
    tagArrived(world, repository, tag, { by: {} });
  }
}
