import type {
  Deletion,
  DeletionResult,
  Detail,
  ImageRegistry,
  Inventory,
  InventoryManifest,
  Listing,
} from "../../provider/registries/image-registry";
import { day, modelNow } from "./model";

export interface Size {
  readonly repositories: number;
  /** Of each repository. A fifth of them lead to an index with two children. */
  readonly tags: number;
}

/**
 * A registry of any size that holds nothing: a repository is made when it is asked for, the same each time but for what was deleted,
 * which is one bit a manifest.
 */
export class HugeRegistry implements ImageRegistry {
  readonly type = "simulated";
  readonly name = "huge.example.com";
  readonly capabilities = { untagged: "listed", batchSize: 100, creationTime: "build" } as const;
  deleted = 0;
  private readonly gone = new Map<number, Uint8Array>();

  constructor(private readonly size: Size) {}

  async *repositories(): AsyncGenerator<string> {
    for (let number = this.size.repositories - 1; number >= 0; number--) yield nameOf(number);
  }

  async inventory(repository: string): Promise<Inventory> {
    const number = numberOf(repository);
    const manifests = new Map<string, InventoryManifest>();
    const tags = new Map<string, string>();
    for (let tag = 0; tag < this.size.tags; tag++) {
      for (const manifest of manifestsOf(number, tag)) if (!this.isGone(manifest.digest)) manifests.set(manifest.digest, manifest);
      const digest = digestOf(number, tag, 0);
      if (manifests.has(digest)) tags.set(tagOf(tag), digest);
    }
    return { repository, manifests, tags, dangling: [], missing: new Set() };
  }

  async detail(inventory: Inventory, { created }: Detail): Promise<Inventory> {
    const dated = [...inventory.manifests].map(([digest, manifest]): [string, InventoryManifest] => {
      const time = { time: modelNow - (2 + placeOf(digest).tag) * day, source: "config" } as const;
      return [digest, created.has(digest) ? { ...manifest, created: time } : manifest];
    });
    return { ...inventory, manifests: new Map(dated) };
  }

  async deletion() {
    return { manifest: "supported", tag: "supported" } as const;
  }

  async delete(_: string, deletions: readonly Deletion[]): Promise<readonly DeletionResult[]> {
    return deletions.map((deletion) => {
      if (deletion.kind !== "manifest") throw new Error("nothing else goes here");
      this.remove(deletion.digest);
      return { deletion, outcome: "deleted" };
    });
  }

  async listing(): Promise<Listing> {
    return { tags: new Set(), has: async (digest) => !this.isGone(digest) };
  }

  async close(): Promise<void> {}

  private remove(digest: string): void {
    const { repository, tag, part } = placeOf(digest);
    const bits = this.gone.get(repository) ?? new Uint8Array(this.size.tags);
    this.gone.set(repository, bits);
    bits[tag] = (bits[tag] ?? 0) | (1 << part);
    this.deleted += 1;
  }

  private isGone(digest: string): boolean {
    const { repository, tag, part } = placeOf(digest);
    return ((this.gone.get(repository)?.[tag] ?? 0) & (1 << part)) !== 0;
  }
}

const nameOf = (number: number) => `team-${number % 40}/service-${String(number).padStart(6, "0")}`;
const numberOf = (repository: string) => Number(repository.slice(-6));
const tagOf = (tag: number) => `build-${String(tag).padStart(6, "0")}`;
const digestOf = (repository: number, tag: number, part: number) =>
  `sha256:${String(repository).padStart(20, "0")}${String(tag).padStart(20, "0")}${String(part).padStart(24, "0")}`;
const placeOf = (digest: string) => ({
  repository: Number(digest.slice(7, 27)),
  tag: Number(digest.slice(27, 47)),
  part: Number(digest.slice(47)),
});

function manifestsOf(repository: number, tag: number): InventoryManifest[] {
  if (tag % 5 !== 0) return [manifestOf(repository, tag, 0)];
  const children = [manifestOf(repository, tag, 1), manifestOf(repository, tag, 2)];
  const index: InventoryManifest = {
    digest: digestOf(repository, tag, 0),
    mediaType: "application/vnd.oci.image.index.v1+json",
    size: 900,
    kind: "image",
    children: children.map(({ digest }) => digest),
    blobs: [],
    index: true,
  };
  return [index, ...children];
}

function manifestOf(repository: number, tag: number, part: number): InventoryManifest {
  return {
    digest: digestOf(repository, tag, part),
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    size: 1100,
    kind: "image",
    children: [],
    // Layers that many images share, and a config and a layer of its own.
    blobs: [...base, ...[1, 2].map((blob) => ({ digest: digestOf(repository, tag, 10 * blob + part), size: 1000 * blob }))],
    index: false,
  };
}

const base = [3, 4, 5, 6].map((blob) => ({ digest: digestOf(0, 0, 10 * blob), size: 1000 * blob }));
