import { randomBytes } from "node:crypto";
import { withSignal } from "../../http";
import { type HttpClock, systemClock } from "../../http/interrupt";
import { DatedInventories } from "../dated-inventories";
import { type GarbageCollection, type ImageRegistry, type Inventory, RepositoryUnknown } from "../image-registry";
import { type ManifestCache, ociImageRegistry } from "../oci";
import { pushesOf } from "../push-times";
import type { RegistryUiClient } from "./client";
import { collectGarbage } from "./garbage-collection";
import { readCatalog } from "./images/catalog";
import { deleteByTag } from "./images/delete-by-tag";
import { Patience } from "./images/patience";
import { isByDigest, supportByTag } from "./images/support";
import { agree, Disagreement, listedTags } from "./images/tags";

export interface RegistryUiImagesOptions {
  /** Requests that read, in flight at a time, over all repositories. Default 8. */
  readonly concurrency?: number;
  /** What is known by digest. Default: memory, for this object's life. */
  readonly cache?: ManifestCache;
  /** Milliseconds for which an offline registry is waited for. Default ten minutes: a garbage collection ends by itself. */
  readonly patience?: number;
  /** Milliseconds for a garbage collection, all of it. Default six hours. */
  readonly deadline?: number;
  /** Warnings, one line each. */
  readonly log?: (line: string) => void;
  readonly clock?: HttpClock;
  /** Different text each time, for a tag that nobody ever chose. */
  readonly nonce?: () => string;
}

/**
 * A RegistryUI as cleanup sees it. What is there, and what belongs to what, is `/v2`'s word; RegistryUI's own list of tags must agree with it, and says when
 * each tag was last pushed, which is what ages are counted from. Deletions go by digest over `/v2`; only where that deletes nothing, by RegistryUI's
 * own call, which may take a digest with all its tags, and only where all of them go. `close` closes the client.
 */
export function registryUiImageRegistry(client: RegistryUiClient, options: RegistryUiImagesOptions = {}): ImageRegistry {
  const { concurrency = 8, cache, patience = 10 * 60_000, log = () => {}, clock = systemClock, nonce = randomText } = options;
  const v2 = ociImageRegistry(client.oci, { concurrency, now: () => clock.now(), ...(cache && { cache }) });
  const waiting = new Patience({ client, clock, patience, log });
  const reading = <T>(signal: AbortSignal | undefined, run: () => Promise<T>) => waiting.read(() => under(signal, run), signal);
  const inventories = new DatedInventories(v2);

  async function readOnce(repository: string, signal: AbortSignal | undefined): Promise<Inventory> {
    const listed = await listedTags(client, repository, signal);
    const base = await v2.inventory(repository, signal).catch((error: unknown) => {
      if (!(error instanceof RepositoryUnknown) || listed.size === 0) throw error;
      throw new Disagreement(repository, `RegistryUI lists ${listed.size} tags, and /v2 knows no such repository`);
    });
    await agree({ client, concurrency, log }, base, listed);
    return inventories.of(base, pushesOf(base, listed));
  }

  const read = (repository: string, signal: AbortSignal | undefined) =>
    reading(signal, () =>
      readOnce(repository, signal).catch((error: unknown) => {
        // Somebody pushed or deleted between the two lists, mostly.
        if (error instanceof Disagreement) return readOnce(repository, signal);
        throw error;
      }),
    );

  return {
    type: "registryui",
    name: v2.name,
    capabilities: { ...v2.capabilities, creationTime: "push" },
    repositories: async function* (signal) {
      yield* await reading(signal, () => readCatalog(client, signal));
    },
    inventory: read,
    detail: (inventory, wanted, signal) =>
      reading(signal, () => inventories.detail(inventory, wanted, signal, () => read(inventory.repository, signal))),
    deletion: async (repository, signal) => {
      const support = await reading(signal, () => v2.deletion(repository, signal));
      return isByDigest(support) ? support : reading(signal, () => supportByTag(client, repository, nonce()));
    },
    delete: async (repository, deletions, given) => {
      if (isByDigest(await v2.deletion(repository, given.signal))) return v2.delete(repository, deletions, given);
      return deleteByTag({ client, v2 }, repository, deletions, given);
    },
    listing: (repository, signal) => reading(signal, () => v2.listing(repository, signal)),
    garbageCollection: garbageOf(client, v2.name, { deadline: options.deadline ?? 6 * 3_600_000, clock }),
    close: async () => {
      await cache?.flush();
      await client.close();
    },
  };
}

/** One for the whole registry, which is offline meanwhile, for everybody: never unless somebody asks for it. */
function garbageOf(
  client: RegistryUiClient,
  name: string,
  wait: { readonly deadline: number; readonly clock: HttpClock },
): GarbageCollection {
  return {
    automatic: false,
    scope: () => name,
    scopes: async function* () {
      yield name;
    },
    collect: (_scope, { signal, onProgress = () => {} }) =>
      collectGarbage(client, {
        ...wait,
        ...(signal && { signal }),
        onOffline: () => onProgress("waits: the registry is offline"),
        onStarted: () => onProgress("the registry is offline until it is over"),
      }),
  };
}

const under = <T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> => (signal ? withSignal(signal, run) : run());

const randomText = (): string => randomBytes(8).toString("hex");
