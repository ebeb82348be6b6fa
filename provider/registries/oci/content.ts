import { isNameUnknown } from "./answer-errors";
import type { OciClient } from "./client";
import { mapConcurrently } from "./concurrency";
import type { Digest } from "./digest";
import type { Repository, Tag } from "./path-names";

export interface TaggedDigest {
  readonly tag: Tag;
  /** Undefined for a tag whose manifest is gone: listed, but not to be pulled. */
  readonly digest: Digest | undefined;
}

export interface RepositoryContent {
  /** Whether the registry knows the repository at all. Some keep empty ones for ever. */
  readonly known: boolean;
  readonly tags: readonly TaggedDigest[];
}

/** Requests in flight. */
const concurrency = 8;

/** What stands in a repository: every tag with what it points to. Manifests without a tag cannot be listed over V2. */
export async function repositoryContent(client: OciClient, repository: Repository): Promise<RepositoryContent> {
  const tags: Tag[] = [];
  try {
    for await (const tag of client.tags(repository)) tags.push(tag);
  } catch (error) {
    if (isNameUnknown(error)) return { known: false, tags: [] };
    throw error;
  }
  const found = await mapConcurrently(tags, concurrency, async (tag) => ({
    tag,
    digest: (await client.manifests.head(repository, tag))?.digest,
  }));
  return { known: true, tags: found };
}
