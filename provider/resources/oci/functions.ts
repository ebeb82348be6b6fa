import type { CleanupPlan } from "../../cleanup/plan-cleanup";
import { type Descriptor, type OciClient, parseDigest, parseRepository, parseTag } from "../../registries/oci";
import { readFunction } from "../functions";
import { adapterOptions, loadCleanup, type PlanCleanupArgs } from "../plan-cleanup";
import { oci } from "./module";

const repositories = readFunction(
  "getRepositories",
  oci,
  (client: OciClient, _args: Record<never, never>): Promise<string[]> => Array.fromAsync(client.catalog()),
);
/** All repositories in the registry's catalog. Not part of OCI: many hosted registries refuse it. */
export const getRepositories = repositories.plain;
export const getRepositoriesOutput = repositories.output;

const tags = readFunction(
  "getTags",
  oci,
  (client: OciClient, { repository }: { repository: string }): Promise<string[]> =>
    Array.fromAsync(client.tags(parseRepository(repository))),
);
/** All tags of a repository. */
export const getTags = tags.plain;
export const getTagsOutput = tags.output;

/** A manifest of a repository, by tag or digest. */
export interface ManifestArgs {
  /** Repository path: `team/app`. */
  repository: string;
  /** Tag or digest. */
  reference: string;
}

export interface ManifestResult {
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes of the manifest itself. */
  readonly size: number;
  /** The manifest as it was pushed: parse it as JSON. */
  readonly content: string;
}

const manifest = readFunction(
  "getManifest",
  oci,
  async (client: OciClient, { repository, reference }: ManifestArgs): Promise<ManifestResult> => {
    const found = await client.manifests.get(
      parseRepository(repository),
      reference.includes(":") ? parseDigest(reference) : parseTag(reference),
    );
    if (!found) throw new Error(`there is no ${reference} in ${repository}`);
    return { digest: found.digest, mediaType: found.mediaType, size: found.bytes.length, content: found.bytes.toString("utf8") };
  },
);
/** A manifest or index by tag or digest; an error if there is none. Use its `digest` to pin what a tag points to now. */
export const getManifest = manifest.plain;
export const getManifestOutput = manifest.output;

const referrers = readFunction(
  "getReferrers",
  oci,
  async (
    client: OciClient,
    { repository, digest, artifactType }: { repository: string; digest: string; artifactType?: string },
  ): Promise<Descriptor[]> => {
    const { descriptors } = await client.referrers(
      parseRepository(repository),
      parseDigest(digest),
      artifactType === undefined ? {} : { artifactType },
    );
    return [...descriptors];
  },
);
/** What refers to a manifest: signatures, attestations, SBOMs; by the referrers API, else by the fallback tag. */
export const getReferrers = referrers.plain;
export const getReferrersOutput = referrers.output;

const cleanup = readFunction("planCleanup", oci, (client: OciClient, args: PlanCleanupArgs, signal?: AbortSignal): Promise<CleanupPlan> => {
  const { ociImageRegistry, planCleanup } = loadCleanup();
  const registry = ociImageRegistry(client, adapterOptions(args)); // not closed: that would close the client, which others share
  return planCleanup({ ...args, registry, ...(signal && { signal }) });
});
/** What a cleanup would delete in this registry, and why: the plan of the action as data. Nothing is changed. */
export const planCleanup = cleanup.plain;
export const planCleanupOutput = cleanup.output;
