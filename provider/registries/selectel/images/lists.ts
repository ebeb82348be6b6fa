import { isNotFound } from "../../../http";
import { RepositoryUnknown } from "../../image-registry";
import { type Digest, parseDigest } from "../../oci/digest";
import type { SelectelClient } from "../client";
import type { Image } from "../schemas";
import type { Place } from "./registries";

/** What the two lists of a repository say. */
export interface Lists {
  readonly images: readonly Image[];
  readonly tags: ReadonlySet<string>;
  /** Tags of `images`, with their digests. */
  readonly tagged: ReadonlyMap<string, Digest>;
}

/** The lists do not fit together: one of them is not complete, or somebody changed the repository while they were read. */
export class Inconsistent extends Error {
  override readonly name = "Inconsistent";

  constructor(repository: string, problem: string) {
    super(`The lists of ${repository} do not fit together: ${problem}. Nothing is decided on them; run it again when nobody pushes there.`);
  }
}

/**
 * Reads both lists. Images before tags: an index that is pushed in between is found by its tag, while its children, had they been read
 * after the tags, would look as if nothing led to them. v1 has no totals, so the lists are held against each other. Throws RepositoryUnknown.
 */
export async function readLists(client: SelectelClient, place: Place): Promise<Lists> {
  const images = await known(place, Array.fromAsync(client.v1.images.list(place.at)));
  const tags = new Set(await known(place, readTags(client, place)));
  const tagged = new Map<string, Digest>();
  for (const image of images) {
    if (image.tags.length === 0) continue;
    const digest = parseDigest(image.digest);
    for (const tag of image.tags) {
      const other = tagged.get(tag);
      if (other !== undefined && other !== digest) {
        throw new Inconsistent(place.repository, `the tag ${tag} is on two images, ${other} and ${digest}`);
      }
      tagged.set(tag, digest);
    }
  }
  for (const tag of tagged.keys()) {
    if (!tags.has(tag)) throw new Inconsistent(place.repository, `the tag ${tag} is on an image but not in the list of tags`);
  }
  return { images, tags, tagged };
}

export function readTags(client: SelectelClient, place: Place): Promise<string[]> {
  return Array.fromAsync(client.v1.images.tags(place.at));
}

/** Runs again what found the lists inconsistent: mostly somebody has pushed in that moment. */
export async function twice<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Inconsistent)) throw error;
    return run();
  }
}

async function known<T>(place: Place, list: Promise<T>): Promise<T> {
  try {
    return await list;
  } catch (error) {
    if (isNotFound(error)) throw new RepositoryUnknown(place.repository, { cause: error });
    throw error;
  }
}
