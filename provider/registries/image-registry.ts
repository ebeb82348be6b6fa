/**
 * The view of a registry that cleanup needs, whatever its API. Each API adapts its client to it in `images.ts`.
 * Names are plain text here: each API has parsed them at its edge.
 */
export interface ImageRegistry {
  readonly type: string;
  /** What the registry is called in plans, and held against when a plan is applied: `registry.example.com:5000`. Never holds a secret. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /** All repositories that these credentials may see, each once, as far as it is listed while others are worked on. Throws rather than end early. */
  repositories(signal?: AbortSignal): AsyncIterable<string>;
  /**
   * Everything that is in a repository, or it throws: a manifest that cannot be read, a short page, an answer that is not understood.
   * Throws RepositoryUnknown where the registry has no such repository. Creation times that cost requests of their own are left out.
   */
  inventory(repository: string, signal?: AbortSignal): Promise<Inventory>;
  /**
   * The inventory with what costs requests of its own: the creation times of these manifests (of an index, with its children as far as they are
   * needed), and the referrers that no tag leads to, for the manifests of the whole repository. Throws as `inventory` does.
   */
  detail(inventory: Inventory, wanted: Detail, signal?: AbortSignal): Promise<Inventory>;
  /** What may be deleted here, found out by experiments that cannot hit anything that exists. Asked only where something is to go. */
  deletion(repository: string, signal?: AbortSignal): Promise<DeletionSupport>;
  /**
   * Deletes in the order given, which is safe at each point. Results are in the order of the deletions, one for each; only a failure that
   * makes going on pointless (no right at all, an interruption) throws. What is gone already is `absent`, which is success.
   * A tag that no longer points where the deletion says is left alone: `changed`.
   * The children of an index that did not go are not tried, so that it stays whole: `failed`.
   */
  delete(repository: string, deletions: readonly Deletion[], options: DeleteOptions): Promise<readonly DeletionResult[]>;
  /** What is there now, from fresh lists: proves deletions. */
  listing(repository: string, signal?: AbortSignal): Promise<Listing>;
  /** What the registry's own policies would delete in the repository by themselves, and when nobody runs a cleanup; undefined where nobody can tell. */
  pruning?(repository: string, signal?: AbortSignal): Promise<ServerPruning | undefined>;
  readonly garbageCollection?: GarbageCollection;
  close(): Promise<void>;
}

export interface Capabilities {
  /** Whether the inventory shows manifests that no tag leads to. `hidden`: V2 has no list of them. */
  readonly untagged: "listed" | "hidden";
  /** Deletions that are handed to `delete` at a time. */
  readonly batchSize: number;
  /** Where creation times come from: said in reports. */
  readonly creationTime: "build" | "push";
}

export interface Inventory {
  readonly repository: string;
  /** By digest: whatever a tag, an index or a referrer leads to, and whatever the registry lists without a tag. */
  readonly manifests: ReadonlyMap<string, InventoryManifest>;
  /** Tag to digest. The digest is a key of `manifests`. */
  readonly tags: ReadonlyMap<string, string>;
  /** Tags that are listed, in a fresh list too, but whose manifest does not exist. */
  readonly dangling: readonly string[];
  /**
   * What the registry proves not to exist, of the digests that something in the repository names: children of indexes, subjects of
   * referrers, subjects in the names of tags (`sha256-<64 hex digits>`, with `.sig`, `.att`, `.sbom`). What is neither here nor in
   * `manifests` is not known to be gone, and nothing is deleted for its absence.
   */
  readonly missing: ReadonlySet<string>;
}

export type ArtifactKind = "image" | "helm" | "other";

export interface InventoryManifest {
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes of the manifest itself. */
  readonly size: number;
  /** Of an index: that of its children; `other` if they are none or differ. Unknown media types and build caches (both forms) are `other`. */
  readonly kind: ArtifactKind;
  /** Manifests that it consists of: children of an index, without the entries that are blobs (build caches). Empty for everything else. */
  readonly children: readonly string[];
  /** Config and layers, and entries of an index that are blobs. Empty where the registry does not tell. */
  readonly blobs: readonly { readonly digest: string; readonly size: number }[];
  readonly subject?: string;
  readonly artifactType?: string;
  /** Absent: not asked for, or nobody says. */
  readonly created?: CreationTime;
  /** An index in OCI's or Docker's form, even one without children. */
  readonly index: boolean;
}

export interface CreationTime {
  /** Milliseconds since 1970, as it was said: not trusted yet. NaN if it cannot be read. */
  readonly time: number;
  readonly source: "annotation" | "config" | "history" | "children" | "registry";
}

export interface Detail {
  /** Digests whose creation times are needed. */
  readonly created: ReadonlySet<string>;
  /** Whether referrers are needed that only the registry's own lists show. */
  readonly referrers: boolean;
  /** Manifests that are wanted in the inventory, with what they consist of, although perhaps no tag leads to them. Those that do not exist here stay out. */
  readonly digests?: ReadonlySet<string>;
}

export interface DeletionSupport {
  /** Deleting a manifest with all its tags. `denied`: these credentials may not. `immutable`: the repository's tags are to stay as they are. */
  readonly manifest: "supported" | "disabled" | "readonly" | "immutable" | "denied";
  /** Deleting one tag alone. `placeholder`: only by pointing it to a placeholder that is then deleted. `unsupported`: not at all. */
  readonly tag: "supported" | "placeholder" | "unsupported" | "denied";
}

export type Deletion =
  /** A manifest with all its tags. `tags`: those that were seen on it. */
  | { readonly kind: "manifest"; readonly digest: string; readonly tags: readonly string[] }
  /** One tag; its manifest stays. */
  | { readonly kind: "tag"; readonly tag: string; readonly digest: string }
  /** A tag that points to nothing. */
  | { readonly kind: "dangling"; readonly tag: string };

export interface DeleteOptions {
  /** Tags may be removed by way of a placeholder. */
  readonly placeholder: boolean;
  readonly signal?: AbortSignal;
  /** Called after each deletion that is done, or batch of them. */
  readonly onProgress?: (done: number) => void;
}

export interface DeletionResult {
  readonly deletion: Deletion;
  /** `unattempted`: an interruption came first. */
  readonly outcome: "deleted" | "absent" | "changed" | "failed" | "unattempted";
  /** One sentence, free of secrets; for `failed` and `changed`. */
  readonly message?: string;
}

export interface ServerPruning {
  /** Policies that are enabled. */
  readonly policies: number;
  /** Tags that would go if they were evaluated now. */
  readonly tags: ReadonlySet<string>;
}

export interface Listing {
  readonly tags: ReadonlySet<string>;
  /** Whether a manifest is still there, with or without a tag. May cost a request. */
  readonly has: (digest: string) => Promise<boolean>;
}

export interface GarbageCollection {
  /** What is collected at a time and by itself: on Selectel the registry that a repository is in. */
  scope(repository: string): string;
  scopes(signal?: AbortSignal): AsyncIterable<string>;
  /** False: everybody is hindered while it runs, so it runs only where somebody asks for it, not because something was deleted. Default true. */
  readonly automatic?: boolean;
  /** Runs one to its end, waiting out another one first. */
  collect(scope: string, options: { readonly signal?: AbortSignal; readonly onProgress?: (line: string) => void }): Promise<void>;
}

/** There is no such repository. A catalogued one that is gone is an empty one; one that the user named is an error. */
export class RepositoryUnknown extends Error {
  override readonly name = "RepositoryUnknown";

  /** It may be there all the same, and these credentials may not see it: nothing in it may be taken for gone. */
  readonly mayBeHidden: boolean;

  constructor(
    readonly repository: string,
    { mayBeHidden = false, ...options }: ErrorOptions & { readonly mayBeHidden?: boolean } = {},
  ) {
    super(`There is no repository ${repository}${mayBeHidden ? ", or these credentials may not see it" : ""}.`, options);
    this.mayBeHidden = mayBeHidden;
  }
}
