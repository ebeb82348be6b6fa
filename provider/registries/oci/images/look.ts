import { createHash } from "node:crypto";
import type { OciClient } from "../client";
import type { Digest } from "../digest";
import type { Repository, Tag } from "../path-names";
import type { ConfigTime, ManifestCache } from "./cache";
import type { Gate } from "./gate";
import { type KnownManifest, knownManifest } from "./known";
import { configTime } from "./times";

/** What all work on a registry shares. */
export interface Source {
  readonly client: OciClient;
  readonly cache: ManifestCache;
  readonly gate: Gate;
  /** Requests of one list in flight. */
  readonly lanes: number;
  readonly now: () => number;
  /** The registry's own name. */
  readonly name: string;
}

/**
 * Milliseconds for which children that were all seen in a repository are believed to be there still. What others deleted meanwhile is
 * taken for complete at the worst, so it stays; ghosts and partial images come to light when the time is over.
 */
const belief = 7 * 24 * 3600_000;
/** Bytes of a config that are read for the sake of a date. Those of real images have some ten thousand. */
const configLimit = 4 * 1024 * 1024;

/** One look at a repository: reads its manifests, each content once, and remembers which it has really seen there. */
export class Look {
  /** Seen by a request of this look. */
  readonly seen = new Set<Digest>();
  private readonly reading = new Map<Digest, Promise<KnownManifest | undefined>>();
  private readonly configs = new Map<Digest, Promise<ConfigTime>>();
  /** A name for the repository that tells nobody which one it is. */
  private readonly place: string;

  constructor(
    readonly source: Source,
    readonly repository: Repository,
  ) {
    this.place = createHash("sha256").update(`${source.name}/${repository}`).digest("hex").slice(0, 24);
  }

  /** What a tag points to. Undefined only if the registry proves that it points to nothing. */
  async byTag(tag: Tag): Promise<KnownManifest | undefined> {
    const { client, cache, gate } = this.source;
    if (cache.visited(this.place)) {
      const found = await gate(() => client.manifests.head(this.repository, tag));
      if (!found) return undefined;
      const known = cache.manifest(found.digest) ?? (await this.byDigest(found.digest));
      if (known) {
        this.seen.add(known.digest);
        return known;
      }
      // It has moved between the two requests.
    }
    return this.get(tag);
  }

  /** A manifest by its digest. With `believed` what the cache knows is taken to be there. Undefined only if the registry proves that it is not. */
  byDigest(digest: Digest, believed = false): Promise<KnownManifest | undefined> {
    const known = this.source.cache.manifest(digest);
    if (known && (believed || this.seen.has(digest))) return Promise.resolve(known);
    const begun = this.reading.get(digest);
    if (begun) return begun;
    const reading = this.get(digest);
    this.reading.set(digest, reading);
    return reading;
  }

  /** Whether everything that this manifest leads to was seen here not long ago. */
  believesWhole(digest: Digest): boolean {
    const time = this.source.cache.seenWhole(this.place, digest);
    const age = this.source.now() - (time ?? Number.NEGATIVE_INFINITY);
    return age >= 0 && age < belief;
  }

  sawWhole(digest: Digest): void {
    this.source.cache.addSeenWhole(this.place, digest, this.source.now());
  }

  sawAll(): void {
    this.source.cache.addVisited(this.place);
  }

  /** The date in an image's config. Null if there is none, the config is too large to be one, or the registry has lost it. */
  time({ config }: KnownManifest): Promise<ConfigTime> {
    if (!config || config.size > configLimit) return Promise.resolve(null);
    const known = this.source.cache.time(config.digest);
    if (known !== undefined) return Promise.resolve(known);
    const begun = this.configs.get(config.digest);
    if (begun) return begun;
    const reading = this.readConfig(config.digest);
    this.configs.set(config.digest, reading);
    return reading;
  }

  private async get(reference: Tag | Digest): Promise<KnownManifest | undefined> {
    const { client, cache, gate } = this.source;
    const manifest = await gate(() => client.manifests.get(this.repository, reference));
    if (!manifest) return undefined;
    this.seen.add(manifest.digest);
    const known = cache.manifest(manifest.digest);
    if (known) return known;
    const read = knownManifest(manifest, this.repository, reference);
    cache.addManifest(read);
    return cache.manifest(read.digest) ?? read;
  }

  private async readConfig(digest: Digest): Promise<ConfigTime> {
    const { client, cache, gate } = this.source;
    const bytes = await gate(() => client.blobs.get(this.repository, digest, { limit: configLimit }));
    // May be pushed again: not remembered.
    if (!bytes) return null;
    const time = configTime(bytes) ?? null;
    cache.addTime(digest, time);
    return time;
  }
}
