import { mapConcurrently } from "../../oci/concurrency";
import type { Digest } from "../../oci/digest";
import { follow, type Graph } from "../../oci/images/graph";
import { subjectInName } from "../../oci/images/inventory";
import type { KnownManifest } from "../../oci/images/known";
import { childrenIn } from "./children";
import type { Finder } from "./finder";
import { type Listed, withDate } from "./listed";
import { Inconsistent } from "./lists";
import type { Place } from "./registries";

/** Reads what the list shows without telling what it is: indexes, and tagged things without a platform, which may be artifacts. */
export async function openTagged(finder: Finder, { repository }: Place, listed: ReadonlyMap<Digest, Listed>): Promise<KnownManifest[]> {
  const unclear: Listed[] = [];
  for (const one of listed.values()) if (!one.settled && mustBeRead(one)) unclear.push(one);
  return mapConcurrently(unclear, finder.source.lanes, async ({ manifest: { digest, index } }) => {
    const read = index ? await finder.byDigest(digest) : await finder.read(digest, true);
    if (!read) throw new Inconsistent(repository, `${digest} is in the list of images, but the registry has no such manifest`);
    return read;
  });
}

/** Reads the same without a tag, unless an index has it: it may be the signature of something, and then it is no image that nobody wants. */
export async function openLoose(
  finder: Finder,
  graph: Graph,
  listed: ReadonlyMap<Digest, Listed>,
  tagged: ReadonlySet<Digest>,
): Promise<void> {
  const unclear = [...listed].filter(([digest, { settled }]) => !settled && !tagged.has(digest) && !finder.whole.has(digest));
  if (unclear.length === 0) return;
  const children = childrenIn(graph);
  const loose = unclear.filter(([digest]) => !children.has(digest));
  const read = await mapConcurrently(loose, finder.source.lanes, async ([digest]) => {
    const found = await finder.read(digest, true);
    // Somebody has removed it since the list was read.
    if (!found) graph.manifests.delete(digest);
    return found && withDate(found, listed);
  });
  await follow(
    finder,
    graph,
    read.filter((manifest) => manifest !== undefined),
  );
}

/** A signature's tag says by itself what it belongs to. */
function mustBeRead({ tags, manifest }: Listed): boolean {
  return manifest.index || tags.some((tag) => subjectInName(tag).length === 0);
}
