import type { CleanupPlan } from "../../cleanup/plan-cleanup";
import type { RegistryUiClient, RepositoryEntry, TagEntry } from "../../registries/registryui";
import { readFunction } from "../functions";
import { adapterOptions, loadCleanup, type PlanCleanupArgs } from "../plan-cleanup";
import { registryui } from "./module";

const repositories = readFunction(
  "getRepositories",
  registryui,
  (client: RegistryUiClient, { folder }: { folder?: string }, signal): Promise<RepositoryEntry[]> =>
    Array.fromAsync(client.repositories.list(folder === undefined ? {} : { folder }, { signal })),
);
/** All repositories and projects that the user may read, or those in the path `folder`. An empty list may mean that rights are missing. */
export const getRepositories = repositories.plain;
export const getRepositoriesOutput = repositories.output;

const tags = readFunction(
  "getTags",
  registryui,
  (client: RegistryUiClient, { repository }: { repository: string }, signal): Promise<TagEntry[]> =>
    Array.fromAsync(client.tags.list({ repository }, { signal })),
);
/** All tags of a repository, with who pushed them last and when, and how often they were pulled. */
export const getTags = tags.plain;
export const getTagsOutput = tags.output;

/** A tag of a repository. */
export interface TagArgs {
  /** Whole path of the repository: `team/app`. */
  repository: string;
  /** The tag. */
  tag: string;
}

const tagInfo = readFunction(
  "getTagInfo",
  registryui,
  (client: RegistryUiClient, { repository, tag }: TagArgs, signal): Promise<TagEntry> => client.tags.get({ repository, tag }, { signal }),
);
/** One tag; an error if there is none. */
export const getTagInfo = tagInfo.plain;
export const getTagInfoOutput = tagInfo.output;

/** Whether the registry can be used. */
export interface OfflineState {
  /** True while it is set offline, and while garbage is collected. */
  readonly offline: boolean;
}

const offlineState = readFunction(
  "getOfflineState",
  registryui,
  async (client: RegistryUiClient, _args: Record<never, never>, signal): Promise<OfflineState> => ({
    offline: await client.registry.isOffline({}, { signal }),
  }),
);
/** Whether the registry is offline. Probably needs an administrator. */
export const getOfflineState = offlineState.plain;
export const getOfflineStateOutput = offlineState.output;

const cleanup = readFunction(
  "planCleanup",
  registryui,
  (client: RegistryUiClient, args: PlanCleanupArgs, signal?: AbortSignal): Promise<CleanupPlan> => {
    const { registryUiImageRegistry, planCleanup } = loadCleanup();
    const registry = registryUiImageRegistry(client, adapterOptions(args)); // not closed: that would close the client, which others share
    return planCleanup({ ...args, registry, ...(signal && { signal }) });
  },
);
/** What a cleanup would delete in this registry, and why: the plan of the action as data. Nothing is changed. */
export const planCleanup = cleanup.plain;
export const planCleanupOutput = cleanup.output;
