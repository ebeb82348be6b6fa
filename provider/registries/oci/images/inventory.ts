import { type Inventory, RepositoryUnknown } from "../../image-registry";
import { isNameUnknown } from "../answer-errors";
import { mapConcurrently } from "../concurrency";
import { type Digest, isDigest } from "../digest";
import type { Repository, Tag } from "../path-names";
import { createdBy } from "./created";
import { follow, type Graph, inventoryManifests, noteWhole, provenMissing } from "./graph";
import type { KnownManifest } from "./known";
import { Look, type Source } from "./look";

/** An inventory with what stands behind it. */
export interface FullInventory {
  readonly inventory: Inventory;
  readonly graph: Graph;
}

/**
 * Everything in a repository that a tag leads to: what tags point to, the children of indexes, the subjects of referrers, and the subjects
 * in the names of signatures' tags. Throws if any of it can neither be read nor is proven not to exist.
 */
export async function readInventory(source: Source, repository: Repository): Promise<FullInventory> {
  const look = new Look(source, repository);
  const listed = await listTags(source, repository);
  const tags = new Map<Tag, KnownManifest>();
  const absent: Tag[] = [];
  const found = await mapConcurrently(listed, source.lanes, (tag) => look.byTag(tag));
  for (const [at, tag] of listed.entries()) {
    const manifest = found[at];
    if (manifest) tags.set(tag, manifest);
    else absent.push(tag);
  }
  const dangling = await stillListed(look, tags, absent);
  const graph: Graph = { manifests: new Map(), missing: new Set() };
  await follow(look, graph, [...tags.values()], [...tags.keys()].flatMap(subjectInName));
  noteWhole(look, graph);
  look.sawAll();
  const inventory: Inventory = {
    repository,
    manifests: inventoryManifests(
      graph,
      createdBy(graph, () => undefined),
    ),
    tags: new Map([...tags].map(([tag, { digest }]) => [tag, digest])),
    dangling,
    missing: provenMissing(graph),
  };
  return { inventory, graph };
}

/** All tags, sorted: what follows does not depend on the server's order. Throws RepositoryUnknown. */
export async function listTags({ client, gate }: Source, repository: Repository): Promise<Tag[]> {
  try {
    // One page after the other: a list is one request in flight.
    return (await gate(() => Array.fromAsync(client.tags(repository)))).sort(byCode);
  } catch (error) {
    if (isNameUnknown(error)) throw new RepositoryUnknown(repository, { cause: error });
    throw error;
  }
}

/**
 * Of listed tags that point to nothing those that do so for good, by one fresh list for all of them. What is not in it was removed by
 * somebody meanwhile and is no error; what is there again is taken up.
 */
async function stillListed(look: Look, tags: Map<Tag, KnownManifest>, absent: readonly Tag[]): Promise<Tag[]> {
  if (absent.length === 0) return [];
  const fresh = new Set(await listTags(look.source, look.repository));
  const doubtful = absent.filter((tag) => fresh.has(tag));
  const again = await mapConcurrently(doubtful, look.source.lanes, (tag) => look.byTag(tag));
  const dangling: Tag[] = [];
  for (const [at, tag] of doubtful.entries()) {
    const manifest = again[at];
    if (manifest) tags.set(tag, manifest);
    else dangling.push(tag);
  }
  return dangling;
}

/** `sha256-<64 hex digits>` as clients name lists of referrers, and with cosign's endings, which may stand behind a prefix. */
const subjectName = /^(?:sha256-([0-9a-f]{64})|.*sha256-([0-9a-f]{64})\.(?:sig|att|sbom))$/;

/** The digest that a tag's name says it belongs to. */
export function subjectInName(tag: string): Digest[] {
  const match = subjectName.exec(tag);
  const digest = `sha256:${match?.[1] ?? match?.[2]}`;
  return match && isDigest(digest) ? [digest] : [];
}

export function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
