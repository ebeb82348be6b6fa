import type { OciStore, StoredRepository } from "./contract";

export interface GarbageOptions {
  /** Only repositories of this name or below it (`team` matches `team` and `team/app`, not `teams`). Default: all. */
  readonly prefix?: string;
  /** Also manifests without a tag that are no child of a kept index and no referrer of a kept manifest. Default: false. */
  readonly untagged?: boolean;
  /** Only count. Default: false. */
  readonly dryRun?: boolean;
}

export interface Garbage {
  /** Repository and digest of each manifest to remove. */
  readonly manifests: readonly (readonly [repository: string, digest: string])[];
  /** Repository and digest of each blob link to remove. */
  readonly links: readonly (readonly [repository: string, digest: string])[];
  /** Deleted repositories whose blobs need not be remembered any more. */
  readonly abandoned: readonly string[];
  /** Bytes of those manifests and blobs, each digest counted once. */
  readonly size: number;
}

/** What a garbage collection would remove. A blob is in use when any kept manifest of the repositories looked at names it. */
export function garbageOf(
  store: Pick<OciStore, "references" | "blob">,
  repositories: readonly StoredRepository[],
  abandoned: ReadonlyMap<string, ReadonlySet<string>>,
  options: GarbageOptions,
): Garbage {
  const scope = repositories.filter((repository) => isBelow(repository.name, options.prefix));
  const used = new Set<string>();
  const sizes = new Map<string, number>();
  const manifests: (readonly [string, string])[] = [];
  for (const repository of scope) {
    const kept = options.untagged ? reachable(store, repository) : new Set(repository.manifests.keys());
    for (const manifest of repository.manifests.values()) {
      if (kept.has(manifest.digest)) {
        for (const { digest } of store.references(manifest).blobs) used.add(digest);
      } else {
        manifests.push([repository.name, manifest.digest]);
        sizes.set(manifest.digest, manifest.bytes.length);
      }
    }
  }
  const unused = (name: string, digests: ReadonlySet<string>) =>
    [...digests].filter((digest) => !used.has(digest)).map((digest) => [name, digest] as const);
  const links = scope.flatMap(({ name, blobs }) => unused(name, blobs));
  const left = [...abandoned].filter(([name]) => isBelow(name, options.prefix));
  const orphans = left.flatMap(([name, digests]) => unused(name, digests));
  for (const [, digest] of [...links, ...orphans]) sizes.set(digest, store.blob(digest)?.length ?? 0);
  return { manifests, links, abandoned: left.map(([name]) => name), size: [...sizes.values()].reduce((sum, size) => sum + size, 0) };
}

function isBelow(name: string, prefix?: string): boolean {
  return prefix === undefined || name === prefix || name.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`);
}

/** Digests of the tagged manifests, of all their descendants, and of whatever refers to one of these. */
function reachable(store: Pick<OciStore, "references">, repository: StoredRepository): Set<string> {
  const kept = new Set<string>();
  const referrers = new Map<string, string[]>();
  for (const manifest of repository.manifests.values()) {
    const { subject } = store.references(manifest);
    if (subject) referrers.set(subject, [...(referrers.get(subject) ?? []), manifest.digest]);
  }
  const pending = [...repository.tags.values()];
  for (let digest = pending.pop(); digest !== undefined; digest = pending.pop()) {
    const manifest = repository.manifests.get(digest);
    if (!manifest || kept.has(digest)) continue;
    kept.add(digest);
    pending.push(...store.references(manifest).manifests.map((child) => child.digest), ...(referrers.get(digest) ?? []));
  }
  return kept;
}
