import { z } from "zod";
import { RegistryError } from "../../http";
import { placeholderImage, pushBlobs } from "./artifact";
import type { OciClient } from "./client";
import type { Deletion } from "./deletion";
import type { Digest } from "./digest";
import { type Manifest, parseManifest } from "./manifest";
import { mediaTypes } from "./media-types";
import type { Repository, Tag } from "./path-names";

export interface RemovedTag {
  /**
   * `tag-delete`: the registry deletes single tags. `placeholder`: the tag was pointed to a placeholder, which was then deleted by digest.
   * `manifest-delete`: an earlier run had come as far as the placeholder; only that remained to be deleted. `already-gone`: there was no such tag.
   */
  readonly how: "tag-delete" | "manifest-delete" | "placeholder" | "already-gone";
}

/** Somebody pushed to the tag; it was left as it is. */
export class TagMoved extends Error {
  constructor(
    readonly repository: Repository,
    readonly tag: Tag,
    readonly expected: Digest,
    readonly actual: Digest,
  ) {
    super(`The tag ${tag} of ${repository} no longer points to ${expected} but to ${actual}, so it was not removed.`);
    this.name = "TagMoved";
  }
}

const labels = {
  tag: "registry-as-code.placeholder.tag",
  digest: "registry-as-code.placeholder.digest",
  nonce: "registry-as-code.placeholder.nonce",
};

/**
 * Removes one tag and nothing else: the manifest that it points to stays, with its other tags. Does nothing if the tag points elsewhere (TagMoved).
 *
 * Where the registry deletes single tags (distribution v3, zot, Quay, …), that is all. Where it deletes by digest only (docker-registry 2.x),
 * deleting the tag's digest would take the image and all its other tags along; so the tag is first pointed to a placeholder that nothing
 * else refers to, and that is deleted by its digest. If this is interrupted, the tag points to the placeholder, which the next call
 * recognises and finishes; if the registry refuses the last step, the tag gets its manifest back. There is a moment left between
 * looking at the tag and writing it, in which somebody else's push would be lost: V2 has no conditional writes.
 *
 * A manifest that loses its last tag so can still be pulled by digest. Garbage collection of docker-registry keeps it.
 */
export async function removeTag(client: OciClient, repository: Repository, tag: Tag, expected: Digest): Promise<RemovedTag> {
  const found = await client.manifests.head(repository, tag);
  if (!found) return { how: "already-gone" };
  const resumed = found.digest !== expected && (await isPlaceholder(client, repository, tag, expected, found.digest));
  if (found.digest !== expected && !resumed) throw new TagMoved(repository, tag, expected, found.digest);
  const deletion = await client.deletion(repository);
  // Before the other ways: the placeholder itself is to go, too.
  if (resumed && deletion.digest === "supported") {
    await client.manifests.delete(repository, found.digest, { referrers: "leave" });
    return { how: "manifest-delete" };
  }
  if (deletion.tag === "supported") {
    await expectUnmoved(client, repository, tag, found.digest);
    return { how: (await client.manifests.delete(repository, tag)) === "deleted" ? "tag-delete" : "already-gone" };
  }
  if (deletion.digest !== "supported") throw new Error(cannotUntag(repository, tag, deletion));
  const original = await client.manifests.get(repository, tag);
  if (!original) return { how: "already-gone" };
  if (original.digest !== expected) throw new TagMoved(repository, tag, expected, original.digest);
  await replaceAndDelete(client, repository, tag, original);
  return { how: "placeholder" };
}

/**
 * Removes a tag whose manifest is gone: it is listed but cannot be pulled, and has no digest that a registry would delete.
 * False if the registry has no way.
 */
export async function removeDanglingTag(client: OciClient, repository: Repository, tag: Tag): Promise<boolean> {
  const deletion = await client.deletion(repository);
  if (deletion.tag === "supported") {
    await client.manifests.delete(repository, tag);
    return true;
  }
  if (deletion.digest !== "supported" || (await client.manifests.head(repository, tag))) return false;
  const placeholder = placeholderImage("oci", { [labels.tag]: tag, [labels.nonce]: client.nonce() });
  await pushBlobs(client, repository, placeholder);
  await client.manifests.put(repository, tag, placeholder);
  await client.manifests.delete(repository, placeholder.digest, { referrers: "leave" });
  return true;
}

async function replaceAndDelete(client: OciClient, repository: Repository, tag: Tag, original: Manifest): Promise<void> {
  const kind = original.mediaType.startsWith("application/vnd.docker.") ? "docker" : "oci";
  // Two tags with the same placeholder would be removed together: the nonce makes it the only one of its kind.
  const placeholder = placeholderImage(kind, { [labels.tag]: tag, [labels.digest]: original.digest, [labels.nonce]: client.nonce() });
  await pushBlobs(client, repository, placeholder);
  await expectUnmoved(client, repository, tag, original.digest);
  try {
    await client.manifests.put(repository, tag, placeholder);
    await client.manifests.delete(repository, placeholder.digest, { referrers: "leave" });
  } catch (error) {
    await restore(client, repository, tag, original, placeholder.digest, error);
  }
}

/** After a failure: nothing to do if the tag is gone, or still as it was, or somebody else's meanwhile. Otherwise it gets its manifest back. */
async function restore(
  client: OciClient,
  repository: Repository,
  tag: Tag,
  original: Manifest,
  placeholder: Digest,
  failure: unknown,
): Promise<void> {
  const reason = failure instanceof Error ? failure.message : String(failure);
  let moved: Digest | undefined;
  try {
    const now = await client.manifests.head(repository, tag);
    // The deletion took effect, only its answer was lost.
    if (!now && failure instanceof RegistryError) return;
    if (now?.digest === placeholder) await client.manifests.put(repository, tag, original);
    else if (now && now.digest !== original.digest) moved = now.digest;
  } catch (error) {
    throw new Error(
      `The tag ${tag} of ${repository} could not be removed (${reason}), and it could not be restored: it may point to the placeholder ${placeholder}. ` +
        `Try again to finish the removal, or push ${original.digest} to the tag to restore it.`,
      { cause: error },
    );
  }
  if (moved) throw new TagMoved(repository, tag, original.digest, moved);
  throw new Error(`The tag ${tag} of ${repository} could not be removed and points to ${original.digest} as before: ${reason}`, {
    cause: failure,
  });
}

async function expectUnmoved(client: OciClient, repository: Repository, tag: Tag, expected: Digest): Promise<void> {
  const now = await client.manifests.head(repository, tag);
  if (now && now.digest !== expected) throw new TagMoved(repository, tag, expected, now.digest);
}

/** Whether the tag points to the placeholder of an earlier, interrupted removal of just this tag from just this digest. */
async function isPlaceholder(client: OciClient, repository: Repository, tag: Tag, expected: Digest, digest: Digest): Promise<boolean> {
  const manifest = await client.manifests.get(repository, digest);
  if (
    !manifest ||
    manifest.size > 4096 ||
    (manifest.mediaType !== mediaTypes.ociManifest && manifest.mediaType !== mediaTypes.dockerManifest)
  )
    return false;
  const { config } = parseManifest(manifest);
  if (!config || config.size > 4096) return false;
  const bytes = await client.blobs.get(repository, config.digest, { limit: 4096 });
  if (!bytes) return false;
  const found = labelsOf(bytes);
  return found[labels.tag] === tag && found[labels.digest] === expected && found[labels.nonce] !== undefined;
}

const configShape = z.looseObject({ config: z.looseObject({ Labels: z.record(z.string(), z.string()) }) });

function labelsOf(config: Buffer): Readonly<Record<string, string>> {
  try {
    return configShape.parse(JSON.parse(config.toString("utf8"))).config.Labels;
  } catch {
    // Some other artifact's config.
    return {};
  }
}

function cannotUntag(repository: Repository, tag: Tag, deletion: Deletion): string {
  const why =
    deletion.digest === "denied" || deletion.tag === "denied"
      ? "these credentials may not delete there"
      : deletion.digest === "readonly"
        ? "the registry is read-only (maintenance mode)"
        : "the registry deletes neither single tags nor manifests; for distribution, set `storage.delete.enabled: true`";
  return `The tag ${tag} of ${repository} was not removed: ${why}.`;
}
