import type { CreationTime, Detail, Inventory } from "../../image-registry";
import { mapConcurrently } from "../concurrency";
import { type Digest, parseDigest } from "../digest";
import { parseRepository, type Repository } from "../path-names";
import type { ConfigTime } from "./cache";
import { createdBy, undated } from "./created";
import { follow, type Graph, inventoryManifests, noteWhole, provenMissing } from "./graph";
import type { FullInventory } from "./inventory";
import { Look, type Source } from "./look";

/** Adds to an inventory the referrers that only the registry's own lists show, and creation times that stand in configs. */
export async function readDetail(source: Source, { inventory, graph: given }: FullInventory, wanted: Detail): Promise<FullInventory> {
  const look = new Look(source, parseRepository(inventory.repository));
  const graph: Graph = { manifests: new Map(given.manifests), missing: new Set(given.missing) };
  await addNamed(look, graph, wanted.digests);
  const subjects = wanted.referrers ? await addReferrers(look, graph) : new Map<Digest, Digest>();
  const dated = [...wanted.created].flatMap((digest) => graph.manifests.get(parseDigest(digest)) ?? []);
  const times = new Map<Digest, ConfigTime>();
  await mapConcurrently(undated(graph, dated), source.lanes, async (manifest) => {
    times.set(manifest.digest, await look.time(manifest));
  });
  noteWhole(look, graph);
  const before = (digest: Digest): CreationTime | undefined => inventory.manifests.get(digest)?.created;
  const createdNow = createdBy(graph, ({ digest }) => times.get(digest));
  const detailed: Inventory = {
    ...inventory,
    manifests: inventoryManifests(graph, (manifest) => createdNow(manifest) ?? before(manifest.digest), subjects),
    missing: provenMissing(graph),
  };
  return { inventory: detailed, graph };
}

/** Manifests that are asked for by digest, if the repository has them. */
async function addNamed(look: Look, graph: Graph, digests: Iterable<string> = []): Promise<void> {
  const unknown = [...digests].map(parseDigest).filter((digest) => !graph.manifests.has(digest) && !graph.missing.has(digest));
  const read = await mapConcurrently(unknown, look.source.lanes, (digest) => look.byDigest(digest));
  await follow(
    look,
    graph,
    read.filter((manifest) => manifest !== undefined),
  );
}

/** What stands behind an inventory that somebody has copied: read again, mostly from the cache. */
export async function graphBehind(source: Source, inventory: Inventory): Promise<Graph> {
  const repository: Repository = parseRepository(inventory.repository);
  const look = new Look(source, repository);
  const graph: Graph = { manifests: new Map(), missing: new Set([...inventory.missing].map(parseDigest)) };
  const read = await mapConcurrently([...inventory.manifests.keys()].map(parseDigest), source.lanes, (digest) =>
    look.byDigest(digest, true),
  );
  await follow(
    look,
    graph,
    read.filter((manifest) => manifest !== undefined),
  );
  return graph;
}

/**
 * Asks the registry what refers to each manifest, to whatever is found, and so on. One question tells whether it keeps such lists at all;
 * lists in tags are found with the tags. Gives the subjects of referrers that do not name them themselves.
 */
async function addReferrers(look: Look, graph: Graph): Promise<ReadonlyMap<Digest, Digest>> {
  const { client, gate, lanes } = look.source;
  const subjects = new Map<Digest, Digest>();
  const asked = new Set<Digest>();
  const ask = async (subject: Digest) => {
    asked.add(subject);
    const { descriptors, source } = await gate(() => client.referrers(look.repository, subject));
    return { subject, found: descriptors.map(({ digest }) => digest), source };
  };
  const [first] = graph.manifests.keys();
  if (first === undefined) return subjects;
  const probe = await ask(first);
  if (probe.source === "tag") return subjects;
  let answers = [probe];
  for (;;) {
    const found: Digest[] = [];
    for (const answer of answers) {
      if (answer.source === "tag") {
        throw new Error(
          `The registry listed the referrers of other manifests of ${look.repository}, but not those of ${answer.subject}. Run it again.`,
        );
      }
      for (const digest of answer.found) {
        subjects.set(digest, answer.subject);
        if (!graph.manifests.has(digest)) found.push(digest);
      }
    }
    // One that is listed but does not exist was removed a moment ago, and nothing depends on it.
    const read = await mapConcurrently([...new Set(found)], lanes, (digest) => look.byDigest(digest));
    await follow(
      look,
      graph,
      read.filter((manifest) => manifest !== undefined),
    );
    const next = [...graph.manifests.keys()].filter((digest) => !asked.has(digest));
    if (next.length === 0) return subjects;
    answers = await mapConcurrently(next, lanes, ask);
  }
}
