import type { Digest } from "../../oci/digest";
import type { Graph } from "../../oci/images/graph";
import type { About } from "./about";
import { childrenIn } from "./children";
import type { Shared } from "./finder";
import type { Listed } from "./listed";
import { Inconsistent, type Lists, readTags } from "./lists";
import type { Place } from "./registries";

export interface Scene {
  readonly shared: Shared;
  readonly about: About;
  readonly place: Place;
  readonly lists: Lists;
  readonly graph: Graph;
  /** Digests that have a tag. */
  readonly tagged: ReadonlySet<Digest>;
  readonly listed: ReadonlyMap<Digest, Listed>;
}

/**
 * Untagged images to which nothing leads may be children of an index whose tag a short list has lost, or that is being pushed: children
 * come first. So the tags are read once more, and in a repository that was changed a moment ago they count as just pushed: their dates are
 * those of their builds, which may be long ago. Once this run deletes there, what it saw before is not new. Gives the young ones.
 */
export async function guardUntagged({ shared, about, place, lists, graph, tagged, listed }: Scene): Promise<ReadonlySet<Digest>> {
  const { manifests } = graph;
  const untagged = [...listed.keys()].filter((digest) => !tagged.has(digest));
  const children = untagged.length > 0 ? childrenIn(graph) : new Set<Digest>();
  const loose = untagged.filter((digest) => !children.has(digest));
  if (loose.length === 0) return new Set();
  for (const tag of await readTags(shared.client, place)) {
    if (!lists.tags.has(tag)) throw new Inconsistent(place.repository, `the tag ${tag} is in the second list of tags only`);
  }
  const { pushGuard, clock } = shared.settings;
  if (pushGuard <= 0) return new Set();
  const changed = await about.changed();
  const recent = changed !== undefined && clock.now() - changed < pushGuard;
  const { touched, seen } = shared.memory.before(place.repository);
  const isNew = (digest: Digest) => !seen?.present.has(digest) || seen.young.has(digest);
  const young = touched ? loose.filter(isNew) : recent ? loose : [];
  for (const digest of young) {
    const manifest = manifests.get(digest);
    const time = changed ?? clock.now();
    // Only ever later: a date that cannot be read stays so.
    if (manifest && !((manifest.created?.time ?? 0) > time || Number.isNaN(manifest.created?.time))) {
      manifests.set(digest, { ...manifest, created: { time, source: "registry" } });
    }
  }
  return new Set(young);
}
