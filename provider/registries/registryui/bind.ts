import { type CallOptions, requestOf } from "../call";
import type { OciClient } from "../oci";
import { asking } from "./ask";
import type { RegistryUiClient } from "./client";
import { isOffline, noSuchTag, type Speaker } from "./errors";
import { keyList } from "./key-list";
import { operations } from "./operations";

export interface Binding extends Speaker {
  readonly url: string;
  readonly oci: OciClient;
  readonly pageSize: number;
}

/** The table of operations as the client that people use: lists become async iterables. */
export function bindClient({ url, oci, pageSize, ...speaker }: Binding): RegistryUiClient {
  const ask = asking(speaker);
  const repositories = ask(operations.repositories.list);
  const tags = ask(operations.tags.list);
  const tagInfo = ask(operations.tags.get);
  const offline = ask(operations.registry.isOffline);
  return {
    url,
    registryHost: new URL(url).host,
    ...(speaker.username !== undefined && { username: speaker.username }),
    oci,
    registry: {
      // Should the call itself be turned away for being offline, that is an answer, too.
      isOffline: (parameters = {}, options) =>
        offline(parameters, options as CallOptions<boolean>).catch((error: unknown) => {
          if (isOffline(error)) return true;
          throw error;
        }),
      setOffline: ask(operations.registry.setOffline) as RegistryUiClient["registry"]["setOffline"],
      setOnline: ask(operations.registry.setOnline) as RegistryUiClient["registry"]["setOnline"],
    },
    garbageCollection: { run: ask(operations.garbageCollection.run) as RegistryUiClient["garbageCollection"]["run"] },
    projects: { create: ask(operations.projects.create) },
    repositories: {
      list: ({ startAfter, ...parameters } = {}, options) =>
        keyList({
          of: "GET /repositories",
          take: pageSize,
          key: ({ fullPath }) => fullPath,
          fetch: (page) => repositories({ ...parameters, ...page }, options as CallOptions<never>),
          ...(startAfter !== undefined && { from: startAfter }),
        }),
    },
    folders: { delete: ask(operations.folders.delete) },
    tags: {
      list: (parameters, options) =>
        keyList({
          of: "GET /tags",
          take: pageSize,
          key: ({ tag }) => tag,
          fetch: (page) => tags({ ...parameters, ...page }, options as CallOptions<never>),
        }),
      get: async (parameters, options) => {
        const found = await tagInfo(parameters, options as CallOptions<never>);
        if (!found) throw noSuchTag(speaker, requestOf(operations.tags.get, { ...parameters }));
        return found;
      },
      delete: ask(operations.tags.delete),
    },
    close: async () => {
      await Promise.all([speaker.http.close(), oci.close()]);
    },
  };
}
