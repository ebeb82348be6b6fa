import type { Detail } from "../../image-registry";
import { mapConcurrently } from "../../oci/concurrency";
import { type Digest, parseDigest } from "../../oci/digest";
import type { ConfigTime } from "../../oci/images/cache";
import { createdBy, undated } from "../../oci/images/created";
import { follow, type Graph, inventoryManifests, provenMissing } from "../../oci/images/graph";
import type { KnownManifest } from "../../oci/images/known";
import { mediaTypes } from "../../oci/media-types";
import { parseRepository } from "../../oci/path-names";
import { childrenIn } from "./children";
import { Finder, type Shared } from "./finder";
import { type FullInventory, remember } from "./inventory";
import { withDate } from "./listed";
import { Inconsistent } from "./lists";

/**
 * Adds what the API's lists do not tell: the subjects of whatever may have one, with what these lead to, and dates that the API does not
 * have. A referrer without a tag looks like any untagged image in the list, so each of those is read here. Throws Inconsistent.
 */
export async function readDetail(shared: Shared, full: FullInventory, wanted: Detail): Promise<FullInventory> {
  const { inventory, listed, place, type, young } = full;
  const tagged = new Set<string>(inventory.tags.values());
  const children = childrenIn(full.graph);
  if (wanted.referrers && hasLoose()) await confirmTags(shared, full);
  const dated = [...wanted.created].flatMap((digest) => full.graph.manifests.get(parseDigest(digest)) ?? []);
  const unread = new Set<KnownManifest>();
  if (wanted.referrers) for (const manifest of full.graph.manifests.values()) if (mayHaveSubject(manifest)) unread.add(manifest);
  for (const manifest of dated.flatMap((one) => [one, ...partsOf(one, full.graph)])) {
    if (!manifest.created && !manifest.index) unread.add(manifest);
  }
  for (const manifest of unread) if (full.whole.has(manifest.digest)) unread.delete(manifest);
  const named = [...(wanted.digests ?? [])].map(parseDigest).filter((digest) => !full.graph.manifests.has(digest));
  if (unread.size === 0 && named.length === 0 && undated(full.graph, dated).length === 0) return full;
  const graph: Graph = { manifests: new Map(full.graph.manifests), missing: new Set(full.graph.missing) };
  const finder = new Finder(shared, place, listed, type);
  const read = await mapConcurrently([...unread], finder.source.lanes, async ({ digest }) => {
    const manifest = await finder.read(digest, true);
    if (manifest) return withGuard(withDate(manifest, listed));
    if (tagged.has(digest)) throw new Inconsistent(place.repository, `the manifest ${digest} has a tag in them, but does not exist`);
    graph.manifests.delete(digest);
    if (children.has(digest)) graph.missing.add(digest);
    return undefined;
  });
  const found = await mapConcurrently(named, finder.source.lanes, finder.byDigest);
  await follow(
    finder,
    graph,
    [...read, ...found].filter((manifest) => manifest !== undefined),
  );
  const times = await readTimes(finder, graph, dated);
  const createdNow = createdBy(graph, ({ digest }) => times.get(digest));
  const created = (manifest: KnownManifest) => createdNow(manifest) ?? inventory.manifests.get(manifest.digest)?.created;
  remember(shared, place, graph, listed, young);
  return {
    ...full,
    inventory: { ...inventory, manifests: inventoryManifests(graph, created), missing: provenMissing(graph) },
    graph,
    whole: new Set([...full.whole, ...finder.whole]),
  };

  function hasLoose(): boolean {
    for (const digest of full.graph.manifests.keys()) if (!tagged.has(digest) && !children.has(digest)) return true;
    return false;
  }

  function mayHaveSubject({ digest, index, mediaType }: KnownManifest): boolean {
    if (index) return mediaType !== mediaTypes.dockerList;
    if (tagged.has(digest)) return false;
    return !(children.has(digest) && listed.get(digest)?.settled);
  }

  /** The date that the guard gave to what may just have been pushed. */
  function withGuard(manifest: KnownManifest): KnownManifest {
    const created = young.has(manifest.digest) ? full.graph.manifests.get(manifest.digest)?.created : undefined;
    return created ? { ...manifest, created } : manifest;
  }
}

/**
 * Something without a tag may be about to go because the API's list of tags lacks one. The registry host has a list of its own: a tag that only
 * this one has says that the other cannot be trusted.
 */
async function confirmTags({ host }: Shared, { place, inventory }: FullInventory): Promise<void> {
  const client = await host.open(place.registry);
  const dangling = new Set(inventory.dangling);
  for await (const tag of client.tags(parseRepository(place.repository))) {
    if (inventory.tags.has(tag) || dangling.has(tag)) continue;
    throw new Inconsistent(place.repository, `the tag ${tag} is in the registry host's list, but not in that of the API`);
  }
}

const partsOf = ({ entries }: KnownManifest, { manifests }: Graph) => entries.flatMap(({ digest }) => manifests.get(digest) ?? []);

/** The dates in configs, for what has no other. */
async function readTimes(finder: Finder, graph: Graph, dated: readonly KnownManifest[]): Promise<ReadonlyMap<Digest, ConfigTime>> {
  const times = new Map<Digest, ConfigTime>();
  const now = dated.flatMap(({ digest }) => graph.manifests.get(digest) ?? []);
  await mapConcurrently(undated(graph, now), finder.source.lanes, async (manifest) => {
    times.set(manifest.digest, await (await finder.hostLook()).time(manifest));
  });
  return times;
}
