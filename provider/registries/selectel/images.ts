import { randomBytes } from "node:crypto";
import { withSignal } from "../../http";
import { systemClock } from "../../http/interrupt";
import type { ImageRegistry, Inventory } from "../image-registry";
import { connectOci } from "../oci/client";
import { memoryCache } from "../oci/images/cache";
import { openGate } from "../oci/images/gate";
import { Standing } from "../oci/images/standing";
import type { SelectelClient } from "./client";
import { absentOf, deleteAll } from "./images/delete";
import { readDetail } from "./images/detail";
import type { Shared } from "./images/finder";
import { garbageCollection } from "./images/garbage";
import { HostAccess } from "./images/host";
import { type FullInventory, readInventory } from "./images/inventory";
import { Inconsistent, twice } from "./images/lists";
import { Memory } from "./images/memory";
import type { SelectelImagesOptions, Settings } from "./images/options";
import { readListing } from "./images/presence";
import { Registries } from "./images/registries";

export type { HostCredentials, SelectelImagesOptions } from "./images/options";

const defaults: Settings = {
  deadline: 60 * 60_000,
  batchSize: 100,
  concurrency: 8,
  pushGuard: 15 * 60_000,
  untag: "unsupported",
  openHost: connectOci,
  log: () => {},
  clock: systemClock,
  nonce: () => randomBytes(8).toString("hex"),
  ownsClient: false,
};

/**
 * A project's registries as cleanup sees them. Repositories are called `<registry>/<image>`. Creation times are those of builds.
 *
 * The API's list of images hides indexes, so that their children look like untagged images; they are found by the list of tags, and read
 * through the API or, where that does not say enough, at the registry host, with a read-only token for that registry which `close` revokes.
 * Indexes without a tag cannot be found at all; the service itself refuses to delete their children.
 */
export function selectelImageRegistry(client: SelectelClient, options: SelectelImagesOptions = {}): ImageRegistry {
  const settings: Settings = { ...defaults, ...options };
  const shared = open(client, settings);
  const { registries, host } = shared;
  const standing = new Standing();
  /** Of inventories that are still in use. */
  const behind = new WeakMap<Inventory, FullInventory>();
  const known = (full: FullInventory): Inventory => {
    behind.set(full.inventory, full);
    return full.inventory;
  };
  const read = async (repository: string) => {
    const place = await registries.place(repository);
    return twice(() => readInventory(shared, place));
  };
  return {
    type: "selectel",
    name: client.registryHost,
    capabilities: { untagged: "listed", batchSize: settings.batchSize, creationTime: "build" },
    repositories: (signal) => registries.repositories(signal),
    inventory: (repository, signal) => under(signal, async () => known(await read(repository))),
    detail: (inventory, wanted, signal) =>
      under(signal, async () => {
        const full = behind.get(inventory) ?? (await read(inventory.repository));
        try {
          return known(await readDetail(shared, full, wanted));
        } catch (error) {
          if (!(error instanceof Inconsistent)) throw error;
          // Somebody changed something since the lists were read, mostly.
          return known(await readDetail(shared, await read(inventory.repository), wanted));
        }
      }),
    // Whether these credentials may delete shows only when they do: the API has no question for it that would not be a deletion.
    deletion: async () => ({ manifest: "supported", tag: settings.untag === "v2" ? "supported" : "unsupported" }),
    delete: async (repository, deletions, given) => {
      try {
        // What leads to what has to be known.
        if (!shared.memory.last(repository)) await under(given.signal, () => read(repository));
        return await deleteAll(shared, standing, await registries.place(repository), deletions, given);
      } catch (error) {
        return absentOf(deletions, error);
      }
    },
    listing: (repository, signal) =>
      under(signal, async () => {
        const listing = await readListing(shared, await registries.place(repository));
        shared.memory.release(repository);
        return { ...listing, has: (digest) => under(signal, () => listing.has(digest)) };
      }),
    garbageCollection: garbageCollection(shared),
    close: async () => {
      await host.close();
      if (settings.ownsClient) await client.close();
    },
  };
}

function open(client: SelectelClient, settings: Settings): Shared {
  return {
    client,
    settings,
    registries: new Registries(client, settings),
    host: new HostAccess(client, settings),
    memory: new Memory(),
    cache: memoryCache(),
    gate: openGate(settings.concurrency),
    deleted: new Map(),
    describes: true,
    takesManifests: false,
  };
}

function under<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  return signal ? withSignal(signal, run) : run();
}
