import type { CleanupPlan } from "../../cleanup/plan-cleanup";
import type { Cluster, GarbageCollectionSize, Image, Layers, Registry, Repository, SelectelClient, Token } from "../../registries/selectel";
import { readFunction } from "../functions";
import { adapterOptions, loadCleanup, type PlanCleanupArgs } from "../plan-cleanup";
import { selectel } from "./module";
import { registryByName } from "./registry-by-name";

/** A registry with what only its address tells. */
export type RegistryResult = Registry & {
  /** `https://host/name`. */
  readonly endpoint: string;
};

const registries = readFunction("getRegistries", selectel, async (client, { search }: { search?: string }, signal) =>
  (await Array.fromAsync(client.v1.registries.list(search === undefined ? {} : { search }, { signal }))).map((found) =>
    withEndpoint(client, found),
  ),
);
/** All registries of the project, or those whose name contains `search`. */
export const getRegistries = registries.plain;
export const getRegistriesOutput = registries.output;

const registry = readFunction("getRegistry", selectel, async (client, args: { name?: string; id?: string }, signal) => {
  if ((args.name === undefined) === (args.id === undefined)) throw new Error("give either name or id");
  const found =
    args.id === undefined
      ? await registryByName({ client, signal }, args.name ?? "")
      : await client.v1.registries.get({ id: args.id }, { signal });
  if (!found) throw new Error(`there is no registry named ${args.name} in this project`);
  return withEndpoint(client, found);
});
/** One registry by its exact name or its id; an error if there is none. */
export const getRegistry = registry.plain;
export const getRegistryOutput = registry.output;

const repositories = readFunction(
  "getRepositories",
  selectel,
  (client, { registryId, search }: { registryId: string; search?: string }, signal): Promise<Repository[]> =>
    Array.fromAsync(client.v1.repositories.list({ id: registryId, ...(search === undefined ? {} : { search }) }, { signal })),
);
/** All repositories of a registry, or those whose name contains `search`. */
export const getRepositories = repositories.plain;
export const getRepositoriesOutput = repositories.output;

/** A repository of a registry. */
export interface RepositoryArgs {
  /** Id of the registry. */
  registryId: string;
  /** Path within the registry: `team/app`. */
  repository: string;
}

const images = readFunction(
  "getImages",
  selectel,
  (client, { registryId, repository }: RepositoryArgs, signal): Promise<Image[]> =>
    Array.fromAsync(client.v1.images.list({ id: registryId, name: repository }, { signal })),
);
/** Images of a repository as the service lists them: it hides the indexes of multi-arch images, and their children look untagged. */
export const getImages = images.plain;
export const getImagesOutput = images.output;

const tags = readFunction(
  "getTags",
  selectel,
  (client, { registryId, repository }: RepositoryArgs, signal): Promise<string[]> =>
    Array.fromAsync(client.v1.images.tags({ id: registryId, name: repository }, { signal })),
);
/** All tags of a repository. */
export const getTags = tags.plain;
export const getTagsOutput = tags.output;

const layers = readFunction(
  "getLayers",
  selectel,
  (client, { registryId, repository, reference }: RepositoryArgs & { reference: string }, signal): Promise<Layers> =>
    client.v1.images.layers({ id: registryId, name: repository, reference }, { signal }),
);
/** Layers of an image, by digest or tag. */
export const getLayers = layers.plain;
export const getLayersOutput = layers.output;

const clusters = readFunction(
  "getClusters",
  selectel,
  async (client, { registryId }: { registryId: string }, signal): Promise<Cluster[]> => [
    ...(await client.v1.registries.clusters({ id: registryId }, { signal })),
  ],
);
/** Kubernetes clusters that are integrated with a registry. */
export const getClusters = clusters.plain;
export const getClustersOutput = clusters.output;

const garbageCollectionSize = readFunction(
  "getGarbageCollectionSize",
  selectel,
  (client, { registryId }: { registryId: string }, signal): Promise<GarbageCollectionSize> =>
    client.v1.garbageCollection.size({ id: registryId }, { signal }),
);
/** Bytes that a garbage collection would free. */
export const getGarbageCollectionSize = garbageCollectionSize.plain;
export const getGarbageCollectionSizeOutput = garbageCollectionSize.output;

const tokens = readFunction(
  "getTokens",
  selectel,
  (client, { search }: { search?: string }, signal): Promise<Token[]> =>
    Array.fromAsync(client.v2.tokens.list(search === undefined ? {} : { search }, { signal })),
);
/** Named tokens of the project, without their secrets. */
export const getTokens = tokens.plain;
export const getTokensOutput = tokens.output;

const cleanup = readFunction("planCleanup", selectel, async (client, args: PlanCleanupArgs, signal): Promise<CleanupPlan> => {
  const { planCleanup, selectelImageRegistry } = loadCleanup();
  const registry = selectelImageRegistry(client, adapterOptions(args));
  try {
    return await planCleanup({ ...args, registry, ...(signal && { signal }) });
  } finally {
    await registry.close(); // takes its tokens back; the client stays open
  }
});
/** What a cleanup would delete in the project's registries, and why: the plan of the action as data. Nothing is changed. */
export const planCleanup = cleanup.plain;
export const planCleanupOutput = cleanup.output;

const withEndpoint = (client: SelectelClient, found: Registry): RegistryResult => ({ ...found, endpoint: client.endpoint(found.name) });
