import { withSignal } from "../../http";
import { isUnauthorized, RegistryError, revised } from "../../http/error";
import { type ImageRegistry, type Inventory, type Listing, RepositoryUnknown } from "../image-registry";
import type { OciClient } from "./client";
import { parseDigest } from "./digest";
import { registryHost } from "./docker-config";
import { type ManifestCache, memoryCache } from "./images/cache";
import { deleteAll } from "./images/delete";
import { supportOf } from "./images/delete-one";
import { graphBehind, readDetail } from "./images/detail";
import { openGate } from "./images/gate";
import type { Graph } from "./images/graph";
import { type FullInventory, listTags, readInventory } from "./images/inventory";
import type { Source } from "./images/look";
import { Standing } from "./images/standing";
import { parseRepository, type Repository } from "./path-names";

export interface OciImageRegistryOptions {
  /** Requests that read, in flight at a time, over all repositories. Default 8. */
  readonly concurrency?: number;
  /** Deletions in flight at a time in one repository, at most `concurrency`. Default 4. */
  readonly deletions?: number;
  /** What is known by digest. Default: memory, for this object's life. */
  readonly cache?: ManifestCache;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** docker-registry 2.x looks through all tags of the repository for each deletion by digest: more at a time would only starve readers. */
const deletionLanes = 4;
/** Small enough that a slow server is looked at again before long, large enough that the pauses between batches do not count. */
const batchSize = 50;

/**
 * A registry that speaks V2, as cleanup sees it. It shows what tags lead to; manifests that nothing leads to cannot be listed over V2
 * (the extension of Google's registries to the list of tags is not used). Creation times are those of the builds.
 */
export function ociImageRegistry(client: OciClient, options: OciImageRegistryOptions = {}): ImageRegistry {
  const { concurrency = 8, deletions = deletionLanes, cache = memoryCache(), now = Date.now } = options;
  const lanes = Math.min(deletions, concurrency);
  const name = nameOf(client.url);
  const source: Source = { client, cache, gate: openGate(concurrency), lanes: concurrency, now, name };
  const standing = new Standing();
  /** Of inventories that are still in use. */
  const graphs = new WeakMap<Inventory, Graph>();
  const known = ({ inventory, graph }: FullInventory): Inventory => {
    graphs.set(inventory, graph);
    return inventory;
  };
  return {
    type: "oci",
    name,
    capabilities: { untagged: "hidden", batchSize, creationTime: "build" },
    repositories: (signal) => catalog(client, signal),
    inventory: (repository, signal) => under(signal, async () => known(await readInventory(source, parseRepository(repository)))),
    detail: (inventory, wanted, signal) =>
      under(signal, async () => {
        const graph = graphs.get(inventory) ?? (await graphBehind(source, inventory));
        return known(await readDetail(source, { inventory, graph }, wanted));
      }),
    deletion: async (repository, signal) => supportOf(await under(signal, () => client.deletion(parseRepository(repository)))),
    delete: (repository, list, given) => deleteAll(source, standing, parseRepository(repository), list, { ...given, lanes }),
    listing: (repository, signal) => under(signal, () => listing(source, parseRepository(repository), signal)),
    close: async () => {
      await cache.flush();
      await client.close();
    },
  };
}

/** Host and port, and the path if the registry has one. */
function nameOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${registryHost(host)}${pathname === "/" ? "" : pathname.replace(/\/+$/, "")}`;
}

function under<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  return signal ? withSignal(signal, run) : run();
}

async function* catalog(client: OciClient, signal: AbortSignal | undefined): AsyncGenerator<string> {
  const list = client.catalog()[Symbol.asyncIterator]();
  for (;;) {
    const next = await under(signal, () => list.next()).catch((error: unknown) => {
      throw withoutCatalog(error);
    });
    if (next.done) return;
    yield next.value;
  }
}

function withoutCatalog(error: unknown): unknown {
  const missing = error instanceof RegistryError && error.kind === "status" && [400, 404, 405].includes(error.status ?? 0);
  if (!missing && !isUnauthorized(error)) return error;
  const why = missing ? "This registry does not list its repositories (`_catalog` is no part of OCI)" : error.hint;
  return revised(error, { hint: `${why ? `${why}. ` : ""}Name the repositories without wildcards: then the catalog is not needed` });
}

async function listing(source: Source, repository: Repository, signal: AbortSignal | undefined): Promise<Listing> {
  const has = async (digest: string) => {
    const look = () => source.gate(() => source.client.manifests.head(repository, parseDigest(digest)));
    return (await under(signal, look)) !== undefined;
  };
  try {
    return { tags: new Set(await listTags(source, repository)), has };
  } catch (error) {
    // Some registries forget a repository with its last manifest.
    if (error instanceof RepositoryUnknown) return { tags: new Set(), has };
    throw error;
  }
}
