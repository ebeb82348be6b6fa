import type { Deletion } from "../../image-registry";
import { mapConcurrently } from "../concurrency";
import { type Digest, parseDigest } from "../digest";
import type { Repository } from "../path-names";
import { subjectInName } from "./inventory";
import { leadsOf } from "./known";
import { Look, type Source } from "./look";

/** What has to be known of a list of deletions before the first of them. */
export interface Neighbours {
  /** By place in the list: places before it whose deletion must have been answered first. */
  readonly earlier: readonly (readonly number[])[];
  /** By place in the list: manifests that must stay if this one does: its children, and what it refers to. */
  readonly leads: readonly (readonly Digest[])[];
}

/**
 * Which deletions have to do with each other: an index and its children, a referrer and its subject, a signature's tag and the digest in its
 * name. All others may run side by side. Manifests are known from the inventory before; one that is not any more is read again, and if that
 * fails, this does, before anything was deleted.
 */
export async function neighboursOf(source: Source, repository: Repository, deletions: readonly Deletion[]): Promise<Neighbours> {
  const look = new Look(source, repository);
  const leads = await mapConcurrently(deletions, source.lanes, async (deletion): Promise<readonly Digest[]> => {
    if (deletion.kind !== "manifest") return [];
    const digest = parseDigest(deletion.digest);
    const manifest = source.cache.manifest(digest) ?? (await look.byDigest(digest));
    return [...new Set([...(manifest ? leadsOf(manifest) : []), ...deletion.tags.flatMap(subjectInName)])];
  });
  const places = new Map<string, number>();
  for (const [place, deletion] of deletions.entries()) if (deletion.kind === "manifest") places.set(deletion.digest, place);
  const earlier: Set<number>[] = deletions.map(() => new Set());
  for (const [place, digests] of leads.entries()) {
    for (const digest of digests) {
      const other = places.get(digest);
      // Whatever the order given, the later one waits.
      if (other !== undefined && other !== place) earlier[Math.max(place, other)]?.add(Math.min(place, other));
    }
  }
  return { earlier: earlier.map((set) => [...set]), leads };
}
