import type { StoredManifest, StoredRepository } from "../contract";
import type { Registry, World } from "./world";

/** Everything pushed below the registry's name, the registry's root included. */
export function holdings(world: World, registry: Registry): StoredRepository[] {
  return world.store.repositories().filter(({ name }) => name === registry.name || name.startsWith(`${registry.name}/`));
}

/** Bytes that the registry takes: its manifests, the blobs that they name, and what waits for garbage collection. Each digest counts once. */
export function registrySize(world: World, registry: Registry): number {
  return namedSize(world, holdings(world, registry).flatMap(manifestsOf)) + nonReferenced(world, registry);
}

/** Bytes of the distinct layers and configurations that the repository's manifests name. */
export function repositorySize(world: World, repository: StoredRepository): number {
  return blobBytes(world, manifestsOf(repository));
}

/** Percent of the limit, with two decimals. */
export function usedPercent(size: number, limit: number): number {
  return Math.round((size / limit) * 10_000) / 100;
}

/** What a garbage collection would free: `sizeNonReferenced` without, `sizeSummary` with `delete-untagged`. */
export function garbageSizes(world: World, registry: Registry) {
  const repositories = holdings(world, registry);
  const kept = repositories.flatMap((repository) => {
    const doomed = new Set(untagged(world, repository));
    return manifestsOf(repository).filter((manifest) => !doomed.has(manifest));
  });
  const sizeNonReferenced = nonReferenced(world, registry);
  const sizeUntagged = namedSize(world, repositories.flatMap(manifestsOf)) - namedSize(world, kept);
  return { sizeNonReferenced, sizeSummary: sizeNonReferenced + sizeUntagged, sizeUntagged };
}

/** Does what a garbage collection does when it ends. */
export function collect(world: World, registry: Registry, deleteUntagged: boolean): void {
  if (deleteUntagged) {
    for (const repository of holdings(world, registry)) {
      for (const { digest } of untagged(world, repository)) world.store.deleteManifest(repository.name, digest);
    }
  }
  world.store.collectGarbage({ prefix: registry.name });
}

function nonReferenced(world: World, registry: Registry): number {
  return world.store.collectGarbage({ prefix: registry.name, dryRun: true });
}

/** Manifests that `delete-untagged` takes: by the switch it spares what belongs to something tagged, as child or as referrer. */
function untagged(world: World, repository: StoredRepository): StoredManifest[] {
  const kept = new Set(repository.tags.values());
  if (world.switches.untaggedChildren === "kept") {
    const referrers = referrersBySubject(world, repository);
    // A set's iteration goes on to what is added meanwhile.
    for (const digest of kept) {
      const manifest = repository.manifests.get(digest);
      if (manifest) for (const child of world.store.references(manifest).manifests) kept.add(child.digest);
      for (const referrer of referrers.get(digest) ?? []) kept.add(referrer);
    }
  }
  return manifestsOf(repository).filter(({ digest }) => !kept.has(digest));
}

function referrersBySubject(world: World, repository: StoredRepository): Map<string, string[]> {
  const referrers = new Map<string, string[]>();
  for (const manifest of repository.manifests.values()) {
    const { subject } = world.store.references(manifest);
    if (subject !== undefined) referrers.set(subject, [...(referrers.get(subject) ?? []), manifest.digest]);
  }
  return referrers;
}

/** Bytes of the distinct manifests and of the distinct blobs that they name. */
function namedSize(world: World, manifests: readonly StoredManifest[]): number {
  const bytes = new Map(manifests.map((manifest) => [manifest.digest, manifest.bytes.length]));
  return sum(bytes.values()) + blobBytes(world, manifests);
}

/** What is not stored (foreign layers) takes no space. */
function blobBytes(world: World, manifests: readonly StoredManifest[]): number {
  const digests = new Set(manifests.flatMap((manifest) => world.store.references(manifest).blobs.map(({ digest }) => digest)));
  return sum([...digests].map((digest) => world.store.blob(digest)?.length ?? 0));
}

function manifestsOf(repository: StoredRepository): StoredManifest[] {
  return [...repository.manifests.values()];
}

function sum(sizes: Iterable<number>): number {
  return [...sizes].reduce((total, size) => total + size, 0);
}
