import type { OciClient } from "./client";
import { mapConcurrently } from "./concurrency";
import type { TaggedDigest } from "./content";
import type { Digest } from "./digest";
import { type ManifestContent, parseManifest } from "./manifest";
import type { Repository, Tag } from "./path-names";

/** A manifest that is reachable from a repository's tags. */
export interface ManifestNode {
  readonly digest: Digest;
  readonly tags: readonly Tag[];
  /** Children of an index. */
  readonly children: readonly Digest[];
  readonly subject?: Digest;
}

export type ManifestGraph = ReadonlyMap<Digest, ManifestNode>;

/** Requests in flight. */
const concurrency = 8;

/**
 * Reads everything that can be reached from a repository's tags: manifests, the children of indexes, and what refers to any of them
 * (by the registry's API; lists that are kept in tags are indexes and found as such). Children that are missing are left out.
 */
export async function readGraph(client: OciClient, repository: Repository, tags: readonly TaggedDigest[]): Promise<ManifestGraph> {
  const tagsOf = new Map<Digest, Tag[]>();
  for (const { tag, digest } of tags) if (digest) tagsOf.set(digest, [...(tagsOf.get(digest) ?? []), tag]);
  const graph = new Map<Digest, ManifestNode>();
  const met = new Set<Digest>(tagsOf.keys());
  for (let wave = [...met]; wave.length > 0; ) {
    const read = await mapConcurrently(wave, concurrency, (digest) => readNode(client, repository, digest, tagsOf.get(digest) ?? []));
    const next: Digest[] = [];
    for (const { node, referrers } of read.filter((found) => found !== undefined)) {
      graph.set(node.digest, node);
      for (const digest of [...node.children, ...referrers, ...(node.subject ? [node.subject] : [])]) {
        if (met.has(digest)) continue;
        met.add(digest);
        next.push(digest);
      }
    }
    wave = next;
  }
  return graph;
}

/**
 * An order in which at every moment everything that is left can be pulled whole: a referrer before its subject, an index before its
 * children (zot refuses the other way round). One manifest's family stays together, so that an interruption leaves little behind.
 */
export function deletionOrder(graph: ManifestGraph): Digest[] {
  const before = new Map<Digest, Digest[]>();
  const mustPrecede = (later: Digest, earlier: Digest) => {
    if (graph.has(later)) before.set(later, [...(before.get(later) ?? []), earlier]);
  };
  for (const node of graph.values()) {
    for (const child of node.children) mustPrecede(child, node.digest);
    if (node.subject) mustPrecede(node.subject, node.digest);
  }
  const order: Digest[] = [];
  const placed = new Set<Digest>();
  for (const start of graph.keys()) {
    // Depth first without recursion: nesting comes from the server.
    const stack = [start];
    const entered = new Set<Digest>();
    for (let digest = stack.at(-1); digest !== undefined; digest = stack.at(-1)) {
      const waiting = entered.has(digest)
        ? []
        : (before.get(digest) ?? []).filter((earlier) => !placed.has(earlier) && !entered.has(earlier));
      entered.add(digest);
      if (waiting.length > 0) {
        stack.push(...waiting);
        continue;
      }
      stack.pop();
      if (!placed.has(digest)) order.push(digest);
      placed.add(digest);
    }
  }
  return order;
}

async function readNode(
  client: OciClient,
  repository: Repository,
  digest: Digest,
  tags: readonly Tag[],
): Promise<{ node: ManifestNode; referrers: readonly Digest[] } | undefined> {
  const manifest = await client.manifests.get(repository, digest);
  if (!manifest) return undefined;
  const content = readable(manifest);
  const node = {
    digest,
    tags,
    children: content.manifests.map((child) => child.digest),
    ...(content.subject && { subject: content.subject.digest }),
  };
  const { descriptors, source } = await client.referrers(repository, digest);
  // A list that is kept in a tag is reached through that tag.
  return { node, referrers: source === "api" ? descriptors.map((referrer) => referrer.digest) : [] };
}

function readable(manifest: Parameters<typeof parseManifest>[0]): Pick<ManifestContent, "manifests" | "subject"> {
  try {
    return parseManifest(manifest);
  } catch {
    // What nobody can read refers to nothing, and can be deleted all the same.
    return { manifests: [] };
  }
}
