import { RegistryError } from "../../../http";
import type { Deletion, DeletionResult, DeletionSupport } from "../../image-registry";
import type { OciClient } from "../client";
import type { Deletion as Support } from "../deletion";
import { parseDigest } from "../digest";
import { parseTag, type Repository } from "../path-names";
import { removeDanglingTag, removeTag, TagMoved } from "../untag";

/** What becomes of a deletion, before it is known to which one it belongs. */
export type Outcome = Omit<DeletionResult, "deletion">;

export interface DeleteOneOptions {
  readonly client: OciClient;
  readonly repository: Repository;
  readonly placeholder: boolean;
  /** True when nothing new may be begun. */
  readonly interrupted: () => boolean;
}

const unattempted: Outcome = { outcome: "unattempted" };

/** Does one deletion if the tags in question still are where it says. Throws what the registry says against it. */
export function deleteOne(options: DeleteOneOptions, deletion: Deletion): Promise<Outcome> {
  if (deletion.kind === "manifest") return deleteManifest(options, deletion);
  return deletion.kind === "tag" ? untag(options, deletion) : deleteDangling(options, deletion.tag);
}

/** What cleanup may do, in its own words. */
export function supportOf({ digest, tag }: Support): DeletionSupport {
  if (tag === "supported" || tag === "denied") return { manifest: digest, tag };
  return { manifest: digest, tag: digest === "supported" ? "placeholder" : "unsupported" };
}

/**
 * V2 has no conditional deletes: the tags are looked at immediately before. Lists of referrers that clients keep in tags are left alone,
 * because a plan takes such a list along with its subject, and keeps the referrers of a subject that stays.
 */
async function deleteManifest(options: DeleteOneOptions, deletion: Extract<Deletion, { kind: "manifest" }>): Promise<Outcome> {
  const { client, repository, interrupted } = options;
  const digest = parseDigest(deletion.digest);
  const tags = deletion.tags.map(parseTag);
  for (const tag of tags) {
    const now = await client.manifests.head(repository, tag);
    if (now && now.digest !== digest) return { outcome: "changed", message: `The tag ${tag} now points to ${now.digest}.` };
  }
  if (interrupted()) return unattempted;
  try {
    return { outcome: await client.manifests.delete(repository, digest, { referrers: "leave" }) };
  } catch (error) {
    if (tags.length === 0 || !wantsTagsGone(error) || (await client.deletion(repository)).tag !== "supported") throw error;
    for (const tag of tags) await client.manifests.delete(repository, tag);
    return { outcome: await client.manifests.delete(repository, digest, { referrers: "leave" }) };
  }
}

/** GCR deletes no manifest that has tags, zot none with several for some users. Other refusals are about parents, and then the tags stay. */
function wantsTagsGone(error: unknown): boolean {
  if (!(error instanceof RegistryError) || error.kind !== "status") return false;
  const codes = error.serverErrors.map(({ code }) => code?.toUpperCase() ?? "");
  return codes.some((code) => code.includes("DANGLING_TAG")) || (error.status === 409 && codes.includes("MANIFEST_INVALID"));
}

async function untag(options: DeleteOneOptions, { tag, digest }: Extract<Deletion, { kind: "tag" }>): Promise<Outcome> {
  const { client, repository } = options;
  const refused = await refusedUntag(options);
  if (refused) return refused;
  try {
    const { how } = await removeTag(client, repository, parseTag(tag), parseDigest(digest));
    if (how === "placeholder" && (await isListed(options, tag))) return await deleteDangling(options, tag);
    return { outcome: how === "already-gone" ? "absent" : "deleted" };
  } catch (error) {
    if (error instanceof TagMoved) return { outcome: "changed", message: `The tag ${tag} now points to ${error.actual}.` };
    throw error;
  }
}

async function deleteDangling(options: DeleteOneOptions, tag: string): Promise<Outcome> {
  const { client, repository, interrupted } = options;
  const refused = await refusedUntag(options);
  if (refused) return refused;
  const now = await client.manifests.head(repository, parseTag(tag));
  if (now) return { outcome: "changed", message: `The tag ${tag} now points to ${now.digest}.` };
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (interrupted()) return unattempted;
    if (!(await removeDanglingTag(client, repository, parseTag(tag)))) break;
    if (!(await isListed(options, tag))) return { outcome: "deleted" };
  }
  return { outcome: "failed", message: `The registry has no way to remove the tag ${tag}, which points to nothing.` };
}

/** How often a tag that is left over is removed. */
const attempts = 3;

/**
 * docker-registry 2.x deletes a manifest first and its tags after. If it stumbles over another tag that is removed at the same time, it answers
 * with an error, and the next attempt finds the manifest gone: the placeholder is, and its tag is not.
 */
async function isListed({ client, repository }: DeleteOneOptions, tag: string): Promise<boolean> {
  for await (const listed of client.tags(repository)) if (listed === tag) return true;
  return false;
}

async function refusedUntag({ client, repository, placeholder }: DeleteOneOptions): Promise<Outcome | undefined> {
  const { tag } = supportOf(await client.deletion(repository));
  if (tag === "supported" || (tag === "placeholder" && placeholder)) return undefined;
  const why = {
    placeholder: "The registry cannot delete a tag alone; allow-placeholder-untag lets it be moved to a placeholder that is then deleted",
    unsupported: "The registry deletes neither single tags nor manifests",
    denied: "The registry does not let these credentials delete tags here",
  };
  return { outcome: "failed", message: `${why[tag]}.` };
}
