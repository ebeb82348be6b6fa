import { RegistryError } from "../../http";
import type { OciClient } from "./client";
import { repositoryContent } from "./content";
import type { Digest } from "./digest";
import { deletionOrder, type ManifestNode, readGraph } from "./graph";
import type { Repository } from "./path-names";
import { removeDanglingTag } from "./untag";

export interface Wiped {
  /** Manifests deleted. */
  readonly manifests: number;
  /** Tags that are gone, with their manifests or alone. */
  readonly tags: number;
}

/** How often a repository that fills up again is emptied before that is reported. */
const rounds = 5;

/**
 * Deletes everything in a repository that can be reached from its tags, and nothing outside: referrers, then indexes, then their
 * children. Lists again until nothing is left. Manifests without a tag that no index and no referrer leads to cannot be found over V2.
 * On a registry that deletes tags only, the tags go and the manifests stay. May be called again after a failure.
 */
export async function deleteRepositoryContent(client: OciClient, repository: Repository): Promise<Wiped> {
  let manifests = 0;
  let tags = 0;
  for (let round = 0; round < rounds; round++) {
    const content = await repositoryContent(client, repository);
    if (content.tags.length === 0) return { manifests, tags };
    await expectDeletion(client, repository);
    for (const { tag, digest } of content.tags) {
      if (digest === undefined && (await removeDanglingTag(client, repository, tag))) tags++;
    }
    const graph = await readGraph(client, repository, content.tags);
    for (const digest of deletionOrder(graph)) {
      const node = graph.get(digest);
      if (!node) continue;
      if (await deleteManifest(client, repository, node)) manifests++;
      tags += node.tags.length;
    }
  }
  const left = (await repositoryContent(client, repository)).tags;
  if (left.length === 0) return { manifests, tags };
  const names = left.slice(0, 5).map(({ tag }) => tag);
  throw new Error(
    `The repository ${repository} is not empty after ${rounds} rounds of deleting: it still has ${left.length} tags (${names.join(", ")}${left.length > 5 ? ", …" : ""}). ` +
      "Somebody pushes to it, or the registry does not delete what it says it deletes.",
  );
}

async function expectDeletion(client: OciClient, repository: Repository): Promise<void> {
  const { digest, tag } = await client.deletion(repository);
  if (digest === "supported" || tag === "supported") return;
  const why = {
    disabled: "has deletion disabled; for distribution, set `storage.delete.enabled: true`",
    readonly: "is read-only (maintenance mode)",
    denied: "does not let these credentials delete there",
  };
  throw new Error(`The repository ${repository} was not emptied: the registry ${why[digest]}.`);
}

/** True if the manifest itself is gone; its tags are in any case. */
async function deleteManifest(client: OciClient, repository: Repository, node: ManifestNode): Promise<boolean> {
  const deletion = await client.deletion(repository);
  if (deletion.digest === "supported") {
    try {
      return (await deleteByDigest(client, repository, node.digest)) === "deleted";
    } catch (error) {
      // GCR deletes no manifest that has tags, zot none whose tags' rules forbid it: the tags first, then.
      const refused = error instanceof RegistryError && [400, 405, 409, 412].includes(error.status ?? 0);
      if (!refused || deletion.tag !== "supported" || node.tags.length === 0) throw error;
      for (const tag of node.tags) await client.manifests.delete(repository, tag);
      return (await deleteByDigest(client, repository, node.digest)) === "deleted";
    }
  }
  for (const tag of node.tags) await client.manifests.delete(repository, tag);
  return false;
}

/** Lists of referrers need no care: they are deleted, too. */
function deleteByDigest(client: OciClient, repository: Repository, digest: Digest): Promise<"deleted" | "absent"> {
  return client.manifests.delete(repository, digest, { referrers: "leave" });
}
