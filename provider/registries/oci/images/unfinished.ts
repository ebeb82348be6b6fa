import type { DeletionResult } from "../../image-registry";
import { parseTag } from "../path-names";
import { type DeleteOneOptions, deleteOne } from "./delete-one";

/**
 * distribution deletes a manifest first and its tags after, and an error or a lost connection between leaves tags that point to nothing
 * (github.com/distribution/distribution, issues 2430, 2514 and 3191). So where a manifest turned out to be gone without a clean answer,
 * one fresh list shows whether its tags are, too, and those that are not are removed as dangling ones, where the registry has a way.
 */
export async function finishTags(options: DeleteOneOptions, results: readonly DeletionResult[]): Promise<readonly DeletionResult[]> {
  const doubtful = results.filter(isDoubtful);
  if (doubtful.length === 0) return results;
  const { client, repository } = options;
  const finished = new Map<DeletionResult, DeletionResult>();
  let listed: ReadonlySet<string>;
  try {
    listed = new Set(await Array.fromAsync(client.tags(repository)));
  } catch {
    // The listing that proves all deletions comes after this, and will say it.
    return results;
  }
  for (const result of doubtful) finished.set(result, await finish(options, result, listed).catch(() => result));
  return results.map((result) => finished.get(result) ?? result);
}

function isDoubtful({ deletion, outcome }: DeletionResult): boolean {
  return deletion.kind === "manifest" && deletion.tags.length > 0 && outcome === "absent";
}

async function finish(options: DeleteOneOptions, result: DeletionResult, listed: ReadonlySet<string>): Promise<DeletionResult> {
  const { deletion } = result;
  const tags = deletion.kind === "manifest" ? deletion.tags.filter((tag) => listed.has(tag)) : [];
  for (const tag of tags) {
    // One that points somewhere again is somebody's new one.
    if (await options.client.manifests.head(options.repository, parseTag(tag))) continue;
    const { outcome, message = "" } = await deleteOne(options, { kind: "dangling", tag });
    if (outcome === "failed") {
      return { deletion, outcome, message: `Its manifest is gone, but the tag ${tag} was left behind and points to nothing. ${message}` };
    }
  }
  return result;
}
