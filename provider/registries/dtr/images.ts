import { randomBytes } from "node:crypto";
import { withSignal } from "../../http";
import { type HttpClock, systemClock } from "../../http/interrupt";
import { DatedInventories } from "../dated-inventories";
import { type DeletionSupport, type ImageRegistry, type Inventory, RepositoryUnknown } from "../image-registry";
import { type ManifestCache, ociImageRegistry } from "../oci";
import { pushesOf } from "../push-times";
import { isGone, isNotAuthorized } from "./errors";
import type { ImagesClient } from "./images/client";
import { deleteTags } from "./images/delete-tags";
import { garbageOf } from "./images/garbage";
import { ledDigests } from "./images/led-digests";
import { serverPruning } from "./images/pruning";
import { agree, Disagreement, listedTags, partsOf } from "./images/tags";

export interface DtrImagesOptions {
  /** Requests that read, in flight at a time, over all repositories. Default 8. */
  readonly concurrency?: number;
  /** What is known by digest. Default: memory, for this object's life. */
  readonly cache?: ManifestCache;
  /** Milliseconds for a garbage collection, all of it. Default six hours. */
  readonly deadline?: number;
  readonly clock?: HttpClock;
  /** Different text each time, for a tag that nobody ever chose. */
  readonly nonce?: () => string;
}

/** Deletions in flight at a time in one repository. */
const lanes = 4;

/**
 * A Docker Trusted Registry as cleanup sees it. What belongs to what is `/v2`'s word; the API's own list of tags must agree with it, and says when each tag was last
 * pushed, which is what ages are counted from. Deleting removes names: what nothing leads to any more goes when the registry collects garbage. Repositories whose
 * tags are immutable are left alone. `close` closes the client.
 */
export function dtrImageRegistry(client: ImagesClient, options: DtrImagesOptions = {}): ImageRegistry {
  const { concurrency = 8, cache, clock = systemClock, nonce = randomText } = options;
  const v2 = ociImageRegistry(client.oci, { concurrency, now: () => clock.now(), ...(cache && { cache }) });
  const inventories = new DatedInventories(v2);

  async function readOnce(repository: string, signal: AbortSignal | undefined): Promise<Inventory> {
    const listed = await listedTags(client, repository, signal);
    const base = await v2.inventory(repository, signal).catch((error: unknown) => {
      if (!(error instanceof RepositoryUnknown)) throw error;
      // The API knows it: nothing was ever pushed.
      if (listed.size === 0) return nothingIn(repository);
      throw new Disagreement(repository, `the API lists ${listed.size} tags, and /v2 knows no such repository`);
    });
    agree(base, listed);
    return inventories.of(base, pushesOf(base, listed));
  }

  const read = (repository: string, signal: AbortSignal | undefined) =>
    under(signal, () =>
      readOnce(repository, signal).catch((error: unknown) => {
        // Somebody pushed or deleted between the two lists, mostly.
        if (error instanceof Disagreement) return readOnce(repository, signal);
        throw error;
      }),
    );

  return {
    type: "dtr",
    name: v2.name,
    capabilities: { ...v2.capabilities, batchSize: 500, creationTime: "push" },
    repositories: async function* (signal) {
      for await (const { namespace, name } of client.repositories.list({}, { ...(signal && { signal }) })) yield `${namespace}/${name}`;
    },
    inventory: read,
    detail: (inventory, wanted, signal) =>
      under(signal, () => inventories.detail(inventory, wanted, signal, () => read(inventory.repository, signal))),
    deletion: (repository, signal) => under(signal, () => supportOf(client, repository, nonce())),
    delete: (repository, deletions, given) => deleteTags({ client, v2, lanes: Math.min(lanes, concurrency) }, repository, deletions, given),
    listing: async (repository, signal) => {
      const tags = await under(signal, () => listedTags(client, repository, signal));
      let led: Promise<ReadonlySet<string>> | undefined;
      const has = async (digest: string) => {
        led ??= under(signal, () => ledDigests(v2, repository, signal));
        return (await led).has(digest);
      };
      return { tags: new Set(tags.keys()), has };
    },
    pruning: (repository, signal) => serverPruning(client, repository, signal),
    garbageCollection: garbageOf(client, v2.name, { deadline: options.deadline ?? 6 * 3_600_000, clock }),
    close: async () => {
      await cache?.flush();
      await client.close();
    },
  };
}

/** Whether tags may be removed: found out with a tag that nobody ever chose. */
async function supportOf(client: ImagesClient, repository: string, nonce: string): Promise<DeletionSupport> {
  const where = partsOf(repository);
  const { immutableTags } = await client.repositories.get(where);
  if (immutableTags) return { manifest: "immutable", tag: "unsupported" };
  try {
    await client.tags.delete({ ...where, tag: `registry-as-code-probe-${nonce}`, domain: client.registryHost });
  } catch (error) {
    if (isNotAuthorized(error)) return { manifest: "denied", tag: "denied" };
    if (!isGone(error)) throw error;
  }
  return { manifest: "supported", tag: "supported" };
}

const nothingIn = (repository: string): Inventory => ({
  repository,
  manifests: new Map(),
  tags: new Map(),
  dangling: [],
  missing: new Set(),
});

const under = <T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> => (signal ? withSignal(signal, run) : run());

const randomText = (): string => randomBytes(8).toString("hex");
