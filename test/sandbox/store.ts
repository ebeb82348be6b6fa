import { runningClock, standingClock } from "./clock";
import type { Clock, OciStore, StoredManifest, StoredRepository, TagPushes } from "./contract";
import { digestOf } from "./digest";
import { type GarbageOptions, garbageOf } from "./garbage";
import { type References, referencesOf } from "./references";

/** A repository as the store itself sees it: with the right to write. */
export interface MutableRepository extends StoredRepository {
  readonly manifests: Map<string, StoredManifest>;
  readonly tags: Map<string, string>;
  readonly tagPushes: Map<string, TagPushes>;
  readonly blobs: Set<string>;
  updatedAt: Date;
}

/**
 * The registry in memory. Bytes of blobs are held once; each repository holds links to those that it may read, as distribution does.
 * Everything is listed in a fixed order: repositories by name, manifests and tags as they were first pushed.
 */
export class MemoryStore implements OciStore {
  private readonly all = new Map<string, MutableRepository>();
  private readonly bytes = new Map<string, Buffer>();
  /** Links of repositories that were deleted: their blobs stay until collected. */
  private readonly abandoned = new Map<string, Set<string>>();
  private readonly parsed = new WeakMap<StoredManifest, References>();

  constructor(private readonly clock: Clock = runningClock()) {}

  repositories(): readonly StoredRepository[] {
    return [...this.all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  repository(name: string): StoredRepository | undefined {
    return this.all.get(name);
  }

  createRepository(name: string): StoredRepository {
    return this.open(name);
  }

  deleteRepository(name: string): void {
    const repository = this.all.get(name);
    if (!repository) return;
    this.all.delete(name);
    const links = this.abandoned.get(name) ?? new Set();
    for (const digest of repository.blobs) links.add(digest);
    this.abandoned.set(name, links);
  }

  blob(digest: string): Buffer | undefined {
    return this.bytes.get(digest);
  }

  /** Stores the bytes and links them to the repository, which is created when missing. Throws when `digest` is not theirs. */
  putBlob(repository: string, bytes: Buffer, digest?: string): string {
    const actual = matching(bytes, digest);
    if (!this.bytes.has(actual)) this.bytes.set(actual, bytes);
    this.open(repository).blobs.add(actual);
    return actual;
  }

  /** Removes the repository's link, and the bytes when it was the last one. False when there was no link. */
  deleteBlob(repository: string, digest: string): boolean {
    if (!this.all.get(repository)?.blobs.delete(digest)) return false;
    this.forget(digest);
    return true;
  }

  /** Stores a manifest under its digest (sha256 unless `digest` says otherwise), and points `tag` to it. Throws when `digest` is not its own. */
  putManifest(repository: string, mediaType: string, bytes: Buffer, tag?: string, digest?: string): StoredManifest {
    const target = this.open(repository);
    const actual = matching(bytes, digest);
    const known = target.manifests.get(actual);
    const manifest = known?.mediaType === mediaType ? known : { digest: actual, mediaType, bytes, pushedAt: this.clock.now() };
    target.manifests.set(actual, manifest);
    if (tag !== undefined) {
      target.tags.set(tag, actual);
      target.tagPushes.set(tag, { count: (target.tagPushes.get(tag)?.count ?? 0) + 1, lastAt: this.clock.now() });
    }
    target.updatedAt = this.clock.now();
    return manifest;
  }

  deleteManifest(repository: string, digest: string): boolean {
    const target = this.all.get(repository);
    if (!target?.manifests.delete(digest)) return false;
    for (const [tag, pointsTo] of target.tags) if (pointsTo === digest) untag(target, tag);
    target.updatedAt = this.clock.now();
    return true;
  }

  deleteTag(repository: string, tag: string): boolean {
    const target = this.all.get(repository);
    if (!target || !untag(target, tag)) return false;
    target.updatedAt = this.clock.now();
    return true;
  }

  referrers(repository: string, digest: string): readonly StoredManifest[] {
    const manifests = [...(this.all.get(repository)?.manifests.values() ?? [])];
    return manifests.filter((manifest) => this.references(manifest).subject === digest);
  }

  references(manifest: StoredManifest): References {
    const known = this.parsed.get(manifest) ?? referencesOf(manifest.bytes);
    this.parsed.set(manifest, known);
    return known;
  }

  collectGarbage(options: GarbageOptions = {}): number {
    const garbage = garbageOf(this, [...this.all.values()], this.abandoned, options);
    if (options.dryRun) return garbage.size;
    for (const [name, digest] of garbage.manifests) this.deleteManifest(name, digest);
    for (const [name, digest] of garbage.links) this.all.get(name)?.blobs.delete(digest);
    const freed = [
      ...garbage.links.map(([, digest]) => digest),
      ...garbage.abandoned.flatMap((name) => [...(this.abandoned.get(name) ?? [])]),
    ];
    for (const name of garbage.abandoned) this.abandoned.delete(name);
    for (const digest of freed) this.forget(digest);
    return garbage.size;
  }

  private open(name: string): MutableRepository {
    const known = this.all.get(name);
    if (known) return known;
    const now = this.clock.now();
    const created = {
      name,
      manifests: new Map(),
      tags: new Map(),
      tagPushes: new Map(),
      blobs: new Set<string>(),
      createdAt: now,
      updatedAt: now,
    };
    this.all.set(name, created);
    return created;
  }

  private forget(digest: string): void {
    const holders = [...[...this.all.values()].map((repository) => repository.blobs), ...this.abandoned.values()];
    if (!holders.some((links) => links.has(digest))) this.bytes.delete(digest);
  }
}

/** A store whose clock stands still at 2026-01-01T00:00:00Z until the test moves it. */
export function testStore(): { readonly store: MemoryStore; readonly clock: Clock } {
  const clock = standingClock();
  return { store: new MemoryStore(clock), clock };
}

function untag(repository: MutableRepository, tag: string): boolean {
  repository.tagPushes.delete(tag);
  return repository.tags.delete(tag);
}

function matching(bytes: Buffer, digest?: string): string {
  const actual = digestOf(bytes, digest);
  if (digest !== undefined && digest !== actual) throw new Error(`the bytes have the digest ${actual}, not ${digest}`);
  return actual;
}
