import type { CreationTime } from "../../image-registry";
import type { Digest } from "../digest";
import type { ConfigTime } from "./cache";
import type { Graph } from "./graph";
import type { KnownManifest } from "./known";
import { readable } from "./times";

/** What is known of an image's config; undefined if it was not asked for. */
type TimeOf = (manifest: KnownManifest) => ConfigTime | undefined;

/**
 * Creation times by their sources, in this order: the manifest's annotation, its config's date, the last one in the config's history,
 * schema1's own. Of an index its annotation, else the newest of its children; if one of them has none, the index has none: the one that is
 * not known may be the newest.
 */
export function createdBy(graph: Graph, timeOf: TimeOf): (manifest: KnownManifest) => CreationTime | undefined {
  const known = new Map<Digest, CreationTime | undefined>();
  const own = (manifest: KnownManifest) => readable(manifest.created, timeOf(manifest) ?? undefined);
  return (wanted) => {
    if (!wanted.index) return own(wanted);
    const stack = [wanted];
    const entered = new Set<Digest>();
    for (let manifest = stack.at(-1); manifest !== undefined; manifest = stack.at(-1)) {
      const { digest } = manifest;
      const children = saysItself(manifest) ? [] : realChildren(manifest, graph);
      const unknown = entered.has(digest) ? [] : children.filter((child) => !known.has(child.digest) && !entered.has(child.digest));
      entered.add(digest);
      if (unknown.length > 0) {
        stack.push(...unknown);
        continue;
      }
      stack.pop();
      if (known.has(digest)) continue;
      const ofChildren = manifest.index ? newest(children.map((child) => known.get(child.digest))) : undefined;
      known.set(digest, manifest.index ? readable(manifest.created, ofChildren) : own(manifest));
    }
    return known.get(wanted.digest);
  };
}

/** Manifests whose configs must be read to know when these were created. */
export function undated(graph: Graph, wanted: Iterable<KnownManifest>): KnownManifest[] {
  const found = new Map<Digest, KnownManifest>();
  const met = new Set<Digest>();
  const stack = [...wanted];
  for (let manifest = stack.pop(); manifest !== undefined; manifest = stack.pop()) {
    if (met.has(manifest.digest)) continue;
    met.add(manifest.digest);
    if (saysItself(manifest)) continue;
    if (manifest.config) found.set(manifest.digest, manifest);
    stack.push(...realChildren(manifest, graph));
  }
  return [...found.values()];
}

const saysItself = ({ created }: KnownManifest) => created !== undefined && !Number.isNaN(created.time);

/** Children that exist and are for a platform. */
function realChildren({ entries }: KnownManifest, graph: Graph): KnownManifest[] {
  return entries.flatMap(({ digest, platform }) => (platform === "unknown" ? [] : (graph.manifests.get(digest) ?? [])));
}

function newest(times: readonly (CreationTime | undefined)[]): CreationTime | undefined {
  let latest: number | undefined;
  for (const time of times) {
    if (time === undefined) return undefined;
    // NaN stays NaN.
    latest = latest === undefined ? time.time : Math.max(latest, time.time);
  }
  return latest === undefined ? undefined : { time: latest, source: "children" };
}
