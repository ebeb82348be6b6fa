import { randomBytes } from "node:crypto";
import type * as DtrImages from "../registries/dtr/images";
import type { ImageRegistry } from "../registries/image-registry";
import { connectOci } from "../registries/oci/client";
import { ociImageRegistry } from "../registries/oci/images";
import type { ManifestCache } from "../registries/oci/images/cache";
import type * as CacheFile from "../registries/oci/images/cache-file";
import type * as RegistryUiImages from "../registries/registryui/images";
import type * as SelectelImages from "../registries/selectel/images";
import {
  type Connection,
  ConnectionError,
  type DtrConnection,
  type OciConnection,
  type OpenOptions,
  type RegistryUiConnection,
  type SelectelConnection,
} from "./connection";
import { dtrClient, ociOptions, registryUiClient, selectelClient, told } from "./open-client";

/**
 * Opens a registry for cleanup. Nothing is sent yet; `close` ends it. Throws ConnectionError for settings that are missing, contradict each
 * other or cannot be used.
 */
export async function openImageRegistry(connection: Connection, options: OpenOptions = {}): Promise<ImageRegistry> {
  switch (connection.type) {
    case "oci":
      return openOci(connection, options);
    case "selectel":
      return openSelectel(connection, options);
    case "registryui":
      return openRegistryUi(connection, options);
    case "dtr":
      return openDtr(connection, options);
    default:
      throw new ConnectionError(`${options.name?.("type") ?? "type"} is not known: it must be dtr, oci, registryui or selectel.`);
  }
}

async function openOci(connection: OciConnection, options: OpenOptions): Promise<ImageRegistry> {
  const given = await ociOptions(connection, options);
  const client = told("registry", options, () => connectOci(given));
  const { concurrency, clock } = options;
  return ociImageRegistry(client, {
    ...(concurrency !== undefined && { concurrency }),
    ...(clock && { now: () => clock.now() }),
    ...(options.cacheDir && { cache: await cacheIn(options.cacheDir, options) }),
  });
}

async function openRegistryUi(connection: RegistryUiConnection, options: OpenOptions): Promise<ImageRegistry> {
  const client = await registryUiClient(connection, options);
  const { concurrency, clock, log, nonce } = options;
  // As in registryUiClient.
  const { registryUiImageRegistry } = require("../registries/registryui/images") as typeof RegistryUiImages;
  return registryUiImageRegistry(client, {
    ...(concurrency !== undefined && { concurrency }),
    ...(clock && { clock }),
    ...(log && { log }),
    ...(nonce && { nonce }),
    ...(options.cacheDir && { cache: await cacheIn(options.cacheDir, options) }),
  });
}

async function openDtr(connection: DtrConnection, options: OpenOptions): Promise<ImageRegistry> {
  const client = await dtrClient(connection, options);
  const { concurrency, clock, nonce } = options;
  // As in dtrClient.
  const { dtrImageRegistry } = require("../registries/dtr/images") as typeof DtrImages;
  return dtrImageRegistry(client, {
    ...(concurrency !== undefined && { concurrency }),
    ...(clock && { clock }),
    ...(nonce && { nonce }),
    ...(options.cacheDir && { cache: await cacheIn(options.cacheDir, options) }),
  });
}

/** What is read here stays true: content has its digest for a name. */
function cacheIn(directory: string, { log, nonce = randomText }: OpenOptions): Promise<ManifestCache> {
  // Only where it is asked for.
  const { openManifestCache } = require("../registries/oci/images/cache-file") as typeof CacheFile;
  return openManifestCache(directory, { nonce, ...(log && { warn: log }) });
}

const randomText = (): string => randomBytes(8).toString("hex");

async function openSelectel(connection: SelectelConnection, options: OpenOptions): Promise<ImageRegistry> {
  const { client, http } = await selectelClient(connection, options);
  const { concurrency, clock, log, nonce } = options;
  // As in selectelClient.
  const { selectelImageRegistry } = require("../registries/selectel/images") as typeof SelectelImages;
  return selectelImageRegistry(client, {
    ownsClient: true,
    openHost: ({ url, credentials }) => connectOci({ url, credentials, ...http }),
    ...(concurrency !== undefined && { concurrency }),
    ...(clock && { clock }),
    ...(log && { log }),
    ...(nonce && { nonce }),
  });
}
