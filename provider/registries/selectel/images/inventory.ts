import type { CreationTime, Inventory } from "../../image-registry";
import type { Digest } from "../../oci/digest";
import { createdBy } from "../../oci/images/created";
import { follow, type Graph, inventoryManifests, provenMissing } from "../../oci/images/graph";
import { subjectInName } from "../../oci/images/inventory";
import { type KnownManifest, leadsOf } from "../../oci/images/known";
import { About } from "./about";
import { Finder, type Shared } from "./finder";
import { findHidden } from "./hidden";
import { type KnownLayers, type Listed, listedManifest, withDate } from "./listed";
import { readLists } from "./lists";
import { guardUntagged } from "./push-guard";
import type { Place } from "./registries";
import { openLoose, openTagged } from "./unclear";

/** An inventory with what stands behind it. */
export interface FullInventory {
  readonly inventory: Inventory;
  readonly graph: Graph;
  readonly listed: ReadonlyMap<Digest, Listed>;
  /** Digests whose manifests were read byte for byte. */
  readonly whole: ReadonlySet<Digest>;
  /** Untagged images that may just have been pushed. */
  readonly young: ReadonlySet<Digest>;
  readonly place: Place;
  readonly type: string | undefined;
}

/**
 * Everything in a repository: the images that the API lists, with and without tags, the indexes that it hides, found by their tags, and all
 * that these lead to. Throws Inconsistent if the lists do not fit together, RepositoryUnknown, and what keeps a manifest from being read.
 */
export async function readInventory(shared: Shared, place: Place): Promise<FullInventory> {
  const lists = await readLists(shared.client, place);
  const about = new About(shared, place);
  const type = await about.type(lists);
  const listed = new Map<Digest, Listed>();
  const graph: Graph = { manifests: new Map(), missing: new Set() };
  const layers: KnownLayers = new Map();
  for (const image of lists.images) {
    const one = listedManifest(image, type, layers);
    listed.set(one.manifest.digest, one);
    graph.manifests.set(one.manifest.digest, one.manifest);
  }
  const finder = new Finder(shared, place, listed, type);
  const opened = await openTagged(finder, place, listed);
  const { found, dangling } = await findHidden(shared, finder, place, lists, listed);
  const tags = new Map<string, Digest>();
  for (const tag of lists.tags) {
    const digest = lists.tagged.get(tag) ?? found.get(tag)?.digest;
    if (digest !== undefined) tags.set(tag, digest);
  }
  const from = [...opened, ...found.values()].map((manifest) => withDate(manifest, listed));
  await follow(finder, graph, from, [...tags.keys()].flatMap(subjectInName));
  const tagged = new Set(tags.values());
  await openLoose(finder, graph, listed, tagged);
  const young = await guardUntagged({ shared, about, place, lists, graph, tagged, listed });
  const inventory: Inventory = {
    repository: place.repository,
    manifests: inventoryManifests(graph, datesIn(graph)),
    tags,
    dangling,
    missing: provenMissing(graph),
  };
  remember(shared, place, graph, listed, young);
  return { inventory, graph, listed, whole: finder.whole, young, place, type };
}

/** Dates as far as they need no config. */
function datesIn(graph: Graph): (manifest: KnownManifest) => CreationTime | undefined {
  const ofIndex = createdBy(graph, () => undefined);
  return (manifest) => (manifest.index ? ofIndex(manifest) : manifest.created);
}

/** Notes what later steps need of a look. */
export function remember(
  { memory }: Shared,
  { repository }: Place,
  { manifests }: Graph,
  listed: ReadonlyMap<Digest, Listed>,
  young: ReadonlySet<Digest>,
): void {
  const leads = new Map<Digest, readonly Digest[]>();
  const hidden = new Set<Digest>();
  for (const manifest of manifests.values()) {
    if (manifest.entries.length > 0 || manifest.subject) leads.set(manifest.digest, leadsOf(manifest));
    if (!listed.has(manifest.digest)) hidden.add(manifest.digest);
  }
  memory.note(repository, { leads, hidden, present: new Set(listed.keys()), young });
}
