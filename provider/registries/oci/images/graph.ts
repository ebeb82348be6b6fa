import type { ArtifactKind, CreationTime, InventoryManifest } from "../../image-registry";
import { mapConcurrently } from "../concurrency";
import type { Digest } from "../digest";
import { type KnownEntry, type KnownManifest, leadsOf } from "./known";
import type { Look } from "./look";

/** Who reads the manifests that others lead to: `Look`, or what another API has for it. */
export interface Reader {
  readonly byDigest: Look["byDigest"];
  readonly believesWhole: Look["believesWhole"];
  readonly source: Pick<Look["source"], "lanes">;
}

/** Manifests of a repository and what is proven not to be there. */
export interface Graph {
  readonly manifests: Map<Digest, KnownManifest>;
  readonly missing: Set<Digest>;
}

/**
 * Adds everything that these manifests lead to: children and subjects, theirs, and so on; each digest is asked for once. `named` are digests
 * that something else names. Throws if any of them cannot be read.
 */
export async function follow(look: Reader, graph: Graph, from: readonly KnownManifest[], named: readonly Digest[] = []): Promise<void> {
  const { manifests, missing } = graph;
  let wave = new Map<Digest, boolean>(named.map((digest) => [digest, false]));
  const lead = (manifest: KnownManifest) => {
    const believed = look.believesWhole(manifest.digest);
    for (const digest of leadsOf(manifest)) wave.set(digest, believed || wave.get(digest) === true);
  };
  for (const manifest of from) manifests.set(manifest.digest, manifest);
  for (const manifest of from) lead(manifest);
  for (;;) {
    const unread = [...wave].filter(([digest]) => !manifests.has(digest) && !missing.has(digest));
    if (unread.length === 0) break;
    const read = await mapConcurrently(unread, look.source.lanes, ([digest, believed]) => look.byDigest(digest, believed));
    wave = new Map();
    for (const [at, [digest]] of unread.entries()) {
      const manifest = read[at];
      if (manifest) manifests.set(digest, manifest);
      else missing.add(digest);
    }
    for (const manifest of read) if (manifest) lead(manifest);
  }
}

/** Notes for later looks which manifests have everything that they lead to, as far as this look has really seen it. */
export function noteWhole(look: Look, { manifests, missing }: Graph): void {
  for (const manifest of manifests.values()) {
    const leads = [...childrenOf(manifest, missing), ...(manifest.subject ? [manifest.subject] : [])];
    if (leads.length > 0 && leads.every((digest) => look.seen.has(digest))) look.sawWhole(manifest.digest);
  }
}

/** Children of an index, each once: what its media type calls a manifest, and what turned out to be one. */
export function childrenOf({ entries }: KnownManifest, missing: ReadonlySet<Digest>): Digest[] {
  return [...new Set(entries.filter((entry) => isChild(entry, missing)).map(({ digest }) => digest))];
}

const isChild = ({ is, digest }: KnownEntry, missing: ReadonlySet<Digest>) => is === "manifest" || !missing.has(digest);

/** The form in which cleanup sees the manifests. `created` and `subjects` go before what the manifests themselves say. */
export function inventoryManifests(
  graph: Graph,
  created: (manifest: KnownManifest) => CreationTime | undefined,
  subjects: ReadonlyMap<Digest, Digest> = new Map(),
): Map<string, InventoryManifest> {
  const kinds = kindsOf(graph);
  const result = new Map<string, InventoryManifest>();
  for (const manifest of graph.manifests.values()) {
    const { digest, mediaType, size, index, entries, artifactType } = manifest;
    const time = created(manifest);
    const subject = manifest.subject ?? subjects.get(digest);
    const more = entries.filter((entry) => !isChild(entry, graph.missing)).map(({ digest, size }) => ({ digest, size }));
    result.set(digest, {
      digest,
      mediaType,
      size,
      kind: manifest.kind ?? kinds.get(digest) ?? "other",
      children: entries.length > 0 ? childrenOf(manifest, graph.missing) : none,
      blobs: more.length > 0 ? [...manifest.blobs, ...more] : manifest.blobs,
      ...(subject && { subject }),
      ...(artifactType && { artifactType }),
      ...(time && { created: time }),
      index,
    });
  }
  return result;
}

const none: readonly string[] = [];

/** Digests that nothing in the repository is, but that something names: without entries of indexes that are blobs. */
export function provenMissing({ manifests, missing }: Graph): Set<string> {
  if (missing.size === 0) return new Set();
  const result = new Set<string>(missing);
  const blobs = new Set<Digest>();
  const named = new Set<Digest>();
  for (const { entries, subject } of manifests.values()) {
    for (const { is, digest } of entries) (is === "manifest" ? named : blobs).add(digest);
    if (subject) named.add(subject);
  }
  for (const digest of blobs) if (!named.has(digest)) result.delete(digest);
  return result;
}

/**
 * Kinds of indexes: that of the children, leaving attestations out; `other` if there are none or they differ. A child that is missing counts as
 * an image if the index gives it a platform, so that indexes without a single child that exists still are what they were.
 */
function kindsOf(graph: Graph): ReadonlyMap<Digest, ArtifactKind> {
  const kinds = new Map<Digest, ArtifactKind>();
  const open = ({ digest, index }: KnownManifest) => index && !kinds.has(digest);
  // Depth first without recursion: how deep indexes are nested is the server's to say.
  for (const start of graph.manifests.values()) {
    if (!open(start)) continue;
    const stack = [start];
    const entered = new Set<Digest>();
    for (let manifest = stack.at(-1); manifest !== undefined; manifest = stack.at(-1)) {
      const inside = entered.has(manifest.digest) ? [] : manifest.entries.flatMap(({ digest }) => graph.manifests.get(digest) ?? []);
      entered.add(manifest.digest);
      const unknown = inside.filter((child) => open(child) && !entered.has(child.digest));
      stack.push(...unknown);
      if (unknown.length > 0) continue;
      stack.pop();
      if (open(manifest)) kinds.set(manifest.digest, kindOfIndex(manifest, graph, kinds));
    }
  }
  return kinds;
}

function kindOfIndex({ entries }: KnownManifest, graph: Graph, kinds: ReadonlyMap<Digest, ArtifactKind>): ArtifactKind {
  const found = new Set<ArtifactKind>();
  for (const { digest, platform, is } of entries) {
    if (platform === "unknown") continue;
    const child = graph.manifests.get(digest);
    if (child) found.add(child.kind ?? kinds.get(digest) ?? "other");
    else if (is === "manifest" && platform === "real") found.add("image");
  }
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : "other";
}
