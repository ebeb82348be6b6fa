import { type ImageRegistry, RepositoryUnknown } from "../../image-registry";

/** Digests that a name leads to, over indexes and referrers. */
export async function ledDigests(v2: ImageRegistry, repository: string, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  try {
    const inventory = await v2.inventory(repository, signal);
    return new Set((await v2.detail(inventory, { created: new Set(), referrers: true }, signal)).manifests.keys());
  } catch (error) {
    if (error instanceof RepositoryUnknown) return new Set();
    throw error;
  }
}
