import type { OciClient } from "./client";
import { type Digest, digestOf } from "./digest";
import { mediaTypes } from "./media-types";
import type { Repository, Tag } from "./path-names";

/**
 * Removes the tag of a list of referrers that has become empty, and nothing else; false if the registry has no safe way.
 * Where tags cannot be deleted, an empty list that is the only one of its kind takes the old one's place and is deleted by its digest:
 * deleting the old list's own digest might hit another tag, and an interruption leaves a valid, empty list.
 */
export async function dropReferrersTag(client: OciClient, repository: Repository, tag: Tag, digest: Digest): Promise<boolean> {
  const deletion = await client.deletion(repository);
  if (deletion.tag === "supported") {
    const now = await client.manifests.head(repository, tag);
    // Somebody else has written it meanwhile: the caller looks again.
    if (now && now.digest !== digest) return false;
    await client.manifests.delete(repository, tag);
    return true;
  }
  if (deletion.digest !== "supported") return false;
  const annotations = { "registry-as-code.nonce": client.nonce() };
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [], annotations }));
  await client.manifests.put(repository, tag, { mediaType: mediaTypes.ociIndex, bytes });
  await client.manifests.delete(repository, digestOf(bytes), { referrers: "leave" });
  return true;
}
