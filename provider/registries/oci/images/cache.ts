import type { CreationTime } from "../../image-registry";
import type { Digest } from "../digest";
import type { KnownBlob, KnownManifest } from "./known";

/** What a config says of its date; null if it says nothing. */
export type ConfigTime = CreationTime | null;

/**
 * What is known of content by its digest, and where it was seen. Content never changes; whether it is there does, so tags are never
 * kept, and that something was seen in a repository is believed for a limited time only (see `Look`).
 */
export interface ManifestCache {
  manifest(digest: Digest): KnownManifest | undefined;
  addManifest(manifest: KnownManifest): void;
  /** Of an image config. */
  time(config: Digest): ConfigTime | undefined;
  addTime(config: Digest, time: ConfigTime): void;
  /** When (milliseconds since 1970) everything that this manifest leads to was last seen in a place. */
  seenWhole(place: string, digest: Digest): number | undefined;
  addSeenWhole(place: string, digest: Digest, time: number): void;
  /** Whether a place was read before: its manifests are probably known. */
  visited(place: string): boolean;
  addVisited(place: string): void;
  /** Writes what is not written yet, where that is done at all. Never throws: a cache that cannot be written is none. */
  flush(): Promise<void>;
}

export interface MemoryCacheOptions {
  /** Bytes of memory, roughly; what was not used for longest goes first. Default 128 MiB, about 150,000 images. */
  readonly bytes?: number;
}

const mebibyte = 1024 * 1024;
/** Entries of a small kind that are kept. */
const smallEntries = 200_000;

/** A cache for one run. */
export function memoryCache(options: MemoryCacheOptions = {}): ManifestCache {
  const { bytes: limit = 128 * mebibyte } = options;
  const manifests = new Map<Digest, Held>();
  const times = new Map<Digest, ConfigTime>();
  const whole = new Map<string, number>();
  const places = new Set<string>();
  // Thousands of images share their base layers: one object for each.
  const blobs = new Map<Digest, KnownBlob>();
  let used = 0;

  const hold = (manifest: KnownManifest): Held => {
    let bytes = 500 + 150 * manifest.entries.length;
    const shared = manifest.blobs.map((blob) => {
      bytes += 10;
      const known = blobs.get(blob.digest);
      if (known && known.size === blob.size) return known;
      bytes += 150;
      if (blobs.size >= smallEntries) blobs.clear();
      blobs.set(blob.digest, blob);
      return blob;
    });
    return { manifest: { ...manifest, blobs: shared }, bytes };
  };
  return {
    manifest(digest) {
      const found = manifests.get(digest);
      if (!found) return undefined;
      manifests.delete(digest);
      manifests.set(digest, found);
      return found.manifest;
    },
    addManifest(manifest) {
      if (manifests.has(manifest.digest)) return;
      const held = hold(manifest);
      manifests.set(manifest.digest, held);
      used += held.bytes;
      for (const [digest, { bytes }] of manifests) {
        if (used <= limit) break;
        manifests.delete(digest);
        used -= bytes;
      }
    },
    time: (config) => times.get(config),
    addTime: (config, time) => keep(times, config, time),
    seenWhole: (place, digest) => whole.get(`${place} ${digest}`),
    addSeenWhole: (place, digest, time) => keep(whole, `${place} ${digest}`, time),
    visited: (place) => places.has(place),
    addVisited: (place) => void places.add(place),
    flush: () => Promise.resolve(),
  };
}

interface Held {
  readonly manifest: KnownManifest;
  /** Of memory, roughly. */
  readonly bytes: number;
}

function keep<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= smallEntries) break;
    map.delete(oldest);
  }
}
