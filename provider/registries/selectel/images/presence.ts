import { isNotFound } from "../../../http";
import { type Listing, RepositoryUnknown } from "../../image-registry";
import { parseDigest } from "../../oci/digest";
import { parseRepository } from "../../oci/path-names";
import type { Shared } from "./finder";
import { type Lists, readLists, twice } from "./lists";
import type { Place } from "./registries";

/** What is there now: fresh lists, and a question for each manifest that these hide. A repository that is gone is an empty one. */
export async function readListing(shared: Shared, place: Place): Promise<Listing> {
  const { images, tags } = await orEmpty(twice(() => readLists(shared.client, place)));
  return { tags, has: presence(shared, place, images) };
}

/** Which of these exist, by one fresh list and a question for each that is hidden. */
export async function stillThere(shared: Shared, place: Place, digests: readonly string[]): Promise<ReadonlySet<string>> {
  const { images } = await orEmpty(twice(() => readLists(shared.client, place)));
  const has = presence(shared, place, images);
  const found = new Set<string>();
  for (const digest of digests) if (await has(digest)) found.add(digest);
  return found;
}

function presence(shared: Shared, place: Place, images: Lists["images"]): Listing["has"] {
  const present = new Set(images.map(({ digest }) => digest));
  const hides = shared.memory.hides(place.repository);
  // The list has all but what it hid before.
  return async (digest) => present.has(digest) || (hides(digest) !== false && exists(shared, place, digest, hides(digest)));
}

async function exists(shared: Shared, place: Place, digest: string, hides: boolean | undefined): Promise<boolean> {
  if (shared.describes || hides === undefined) {
    try {
      await shared.client.v1.images.layers({ ...place.at, reference: digest });
      return true;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // This operation has told of every hidden manifest so far, so it knows them.
      if (shared.describes && hides) return false;
    }
  }
  const host = await shared.host.open(place.registry);
  return (await host.manifests.head(parseRepository(place.repository), parseDigest(digest))) !== undefined;
}

async function orEmpty(lists: Promise<Lists>): Promise<Lists> {
  try {
    return await lists;
  } catch (error) {
    if (error instanceof RepositoryUnknown) return { images: [], tags: new Set(), tagged: new Map() };
    throw error;
  }
}
