import { type Http, RegistryError } from "../../http";
import { api, type CallOptions } from "../call";
import { type OffsetPage, type OffsetReadings, offsetList } from "../paging";
import type { SelectelClient } from "./client";
import { type DockerConfig, dockerConfig } from "./docker-config";
import { v1 as v1Operations, v2 as v2Operations } from "./operations";

export interface Binding {
  readonly v1: Http;
  readonly v2: Http;
  /** `https://cr.selcloud.ru`. */
  readonly registryUrl: string;
  readonly pageSize?: number;
  readonly clustersPath?: string;
  readonly close: () => Promise<void>;
}

/** The table of operations as the client that people use: lists become async iterables, answers with gaps are completed. */
export function bindClient({ v1: http1, v2: http2, registryUrl, pageSize = 100, clustersPath, close }: Binding): SelectelClient {
  const registryHost = new URL(registryUrl).host;
  const v1 = api(withClustersPath(clustersPath), http1);
  const v2 = api(v2Operations, http2);
  const list = lists(pageSize);
  const byId = (item: { readonly id: string }) => item.id;
  const byName = (item: { readonly name: string }) => item.name;
  const byDigest = (item: { readonly digest: string }) => item.digest;
  return {
    registryHost,
    registryUrl,
    endpoint: (registryName) => `${registryUrl}/${registryName}`,
    imagePrefix: (registryName) => `${registryHost}/${registryName}`,
    close,
    v1: {
      registries: {
        ...v1.registries,
        list: list("GET v1/registries", v1.registries.list, array, byId),
        clusters: async (parameters, options) => (await v1.registries.clusters(parameters, options))?.clusters ?? [],
      },
      garbageCollection: v1.garbageCollection,
      repositories: { ...v1.repositories, list: list("GET v1/…/repositories", v1.repositories.list, array, byName) },
      images: {
        ...v1.images,
        list: list("GET v1/…/images", v1.images.list, array, byDigest),
        tags: list("GET v1/…/tags", v1.images.tags, array, (tag) => tag),
      },
      tokens: {
        ...v1.tokens,
        create: secretOrConfig(v1.tokens.create, v1Operations.tokens.create, registryHost),
        get: async ({ token }, options) => ({ token, ...(await v1.tokens.get({ token }, options)) }),
      },
    },
    v2: {
      registries: { list: list("GET v2/registries", v2.registries.list, (answer) => counted(answer?.registries, answer), byId) },
      repositories: {
        list: list("GET v2/…/repositories", v2.repositories.list, (answer) => counted(answer?.repositories, answer), byName),
      },
      images: { list: list("GET v2/…/images", v2.images.list, (answer) => counted(answer?.images, answer), byDigest) },
      tokens: {
        ...v2.tokens,
        list: list("GET v2/tokens", v2.tokens.list, (answer) => counted(answer?.tokens, answer), byId),
        create: secretOrConfig(v2.tokens.create, v2Operations.tokens.create, registryHost),
      },
    },
  };
}

/** The vendor's description has the operation, no public source its path. */
function withClustersPath(path = "clusters"): typeof v1Operations {
  const { clusters, ...registries } = v1Operations.registries;
  const template = `/registries/{id}/${path}` as const;
  return { ...v1Operations, registries: { ...registries, clusters: { ...clusters, template, route: `GET ${template}` } } };
}

interface Counts {
  readonly totalCount?: number | null;
  readonly filteredCount?: number | null;
}

interface Contents<T> extends Counts {
  readonly items: readonly T[];
}

const array = <T>(items: readonly T[]): Contents<T> => ({ items });
const counted = <T>(items: readonly T[] = [], { totalCount, filteredCount }: Counts = {}): Contents<T> => ({
  items,
  totalCount,
  filteredCount,
});

type Filtered = { readonly search?: string; readonly scopeMode?: string };
type Listed = { readonly limit?: number; readonly offset?: number };

/** Turns the operation that gives one page into a method that gives the whole list. What it finds out about `offset` it keeps for each list. */
function lists(limit: number) {
  const readings: OffsetReadings = new Map();
  return <P extends object, A, T>(
    of: string,
    fetch: (parameters: P & Listed, options?: CallOptions<A>) => Promise<A>,
    read: (answer: A) => Contents<T>,
    key: (item: T) => string,
  ) =>
    (parameters?: Omit<P, keyof Listed>, options?: Omit<CallOptions, "find">): AsyncIterable<T> => {
      const filter: Filtered = parameters ?? {};
      const filtered = Boolean(filter.search || filter.scopeMode);
      const page = async ({ limit, offset }: { limit: number; offset: number }) => {
        // The compiler cannot see that P is the rest of its own parts.
        const asked = { ...parameters, limit, ...(offset > 0 && { offset }) } as P & Listed;
        return withTotal(read(await fetch(asked, options as CallOptions<A>)), filtered);
      };
      return { [Symbol.asyncIterator]: () => offsetList({ of, limit, key, fetch: page, readings }) };
    };
}

/** Whether `totalCount` heeds the filter is documented nowhere, so with a filter only `filteredCount` is a total. */
function withTotal<T>({ items, totalCount, filteredCount }: Contents<T>, filtered: boolean): OffsetPage<T> {
  const total = (filtered ? filteredCount : totalCount) ?? undefined;
  return { items, total, bound: totalCount ?? undefined };
}

type WithSecret = { readonly token: string };
type Creation<P, A> = {
  (parameters: P & { readonly dockerConfig?: false }, options?: CallOptions<A>): Promise<A>;
  (parameters: P & { readonly dockerConfig: true }, options?: CallOptions<DockerConfig>): Promise<DockerConfig>;
};

/**
 * Gives what was asked for, whichever the service answers: the shape of its answer to `docker-config=true` is documented nowhere.
 */
function secretOrConfig<P extends { readonly dockerConfig?: boolean }, A extends WithSecret>(
  create: (parameters: P, options?: CallOptions<A | DockerConfig>) => Promise<A | DockerConfig>,
  operation: { readonly template: string },
  registryHost: string,
): Creation<Omit<P, "dockerConfig">, A> {
  return (async (parameters: P, options?: CallOptions<A | DockerConfig>) => {
    const answer = await create(parameters, options);
    if (parameters.dockerConfig) return "auths" in answer ? answer : dockerConfig(registryHost, answer.token);
    if (!("auths" in answer)) return answer;
    const facts = { method: "POST", route: operation.template, url: operation.template, kind: "answer", fate: "answered" } as const;
    throw new RegistryError({ ...facts, problem: "the answer is a Docker configuration, for which nobody asked" });
  }) as Creation<Omit<P, "dockerConfig">, A>; // overloads are beyond an arrow function
}
