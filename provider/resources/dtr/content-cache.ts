import { z } from "zod";
import type { ContentCache as Cache, DtrClient } from "../../registries/dtr";
import type { CommonInputs, Context } from "../declaration";
import { resource } from "../resource";
import { dtr } from "./module";
import { isAddress } from "./remote-login";
import { unlessGone } from "./unless-gone";

/** What a program declares. */
export interface ContentCacheInputs extends CommonInputs {
  /** Name of the cache, as users choose it in their profile. The API has no call that changes a cache: a change replaces it. */
  name: string;
  /** Address of the cache, for example `https://cache.example.com`. A change replaces the cache. */
  host: string;
}

/** What the server adds. */
export interface ContentCacheOutputs {
  /** UUID of the cache: what `UserSettings.contentCacheId` takes. */
  contentCacheId: string;
}

/**
 * A content cache: an address near the users through which they pull, once they have chosen it (`dtr.UserSettings`). It needs a system administrator. The cache
 * itself is installed elsewhere; this tells the registry of it.
 *
 * The id is the cache's UUID.
 */
export class ContentCache extends resource<ContentCacheInputs, ContentCacheOutputs, DtrClient>({
  type: "dtr:ContentCache",
  module: dtr,
  inputs: {
    name: z.string().min(1, "must not be empty"),
    host: z.string().refine(isAddress, "must be an address such as https://cache.example.com"),
  },
  outputs: { contentCacheId: z.string() },
  key: ({ name }) => name,

  async find(context, { name }) {
    return (await named(context, name))?.id;
  },
  async create(context, { name, host }) {
    const { client, signal } = context;
    const { id } = await client.contentCaches.create({ name, host }, { signal, find: () => named(context, name) });
    return { id, outputs: { contentCacheId: id } };
  },
  async read({ client, signal }, id) {
    const found = await unlessGone(client.contentCaches.get({ id }, { signal }));
    return found && { name: found.name, host: found.host, contentCacheId: id };
  },
  async delete({ client, signal }, id) {
    await unlessGone(client.contentCaches.delete({ id }, { signal }));
  },
}) {}

const named = async ({ client, signal }: Context<DtrClient>, name: string): Promise<Cache | undefined> =>
  (await client.contentCaches.list({}, { signal })).find((cache) => cache.name === name);
