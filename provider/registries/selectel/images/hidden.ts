import type { Digest } from "../../oci/digest";
import type { KnownManifest } from "../../oci/images/known";
import type { Finder, Shared } from "./finder";
import type { Listed } from "./listed";
import { Inconsistent, type Lists, readTags } from "./lists";
import type { Place } from "./registries";

/** What the tags point to that no listed image has. Of those that point to nothing, the ones that a fresh list still has are dangling. */
export async function findHidden(
  shared: Shared,
  finder: Finder,
  place: Place,
  lists: Lists,
  listed: ReadonlyMap<Digest, Listed>,
): Promise<{ found: ReadonlyMap<string, KnownManifest>; dangling: readonly string[] }> {
  const found = new Map<string, KnownManifest>();
  const find = async (tags: readonly string[]): Promise<string[]> => {
    const manifests = await finder.byTags(tags);
    for (const [at, tag] of tags.entries()) {
      const manifest = manifests[at];
      if (!manifest) continue;
      if (manifest.kind === "image" && !listed.has(manifest.digest)) {
        throw new Inconsistent(place.repository, `the tag ${tag} points to the image ${manifest.digest}, which the list of images lacks`);
      }
      found.set(tag, manifest);
    }
    return tags.filter((tag) => !found.has(tag));
  };
  const absent = await find([...lists.tags].filter((tag) => !lists.tagged.has(tag)).sort());
  if (absent.length === 0) return { found, dangling: [] };
  const fresh = new Set(await readTags(shared.client, place));
  return { found, dangling: await find(absent.filter((tag) => fresh.has(tag))) };
}
