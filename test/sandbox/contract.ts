/**
 * What the parts of the sandbox agree on. The sandbox shares no code with `provider/registries`: a mistake must not cancel itself out.
 */

/** The sandbox's clock; the control endpoint can set it and move it. */
export interface Clock {
  now(): Date;
  set(time: Date): void;
  advance(milliseconds: number): void;
}

export interface SandboxRequest {
  readonly method: string;
  /** As it came in, not decoded, without the query: `/v2/team%2Fapp/tags/list`. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** `http://127.0.0.1:5000`, as the client addressed it. */
  readonly origin: string;
  /** Name of an injected fault that only the API itself can play: `short-page`, `looped-link`, `stale-list`, `expired-session`. */
  readonly fault?: ApiFault;
}

export type ApiFault = "short-page" | "looped-link" | "stale-list" | "expired-session";

export interface SandboxResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** A Buffer or string is sent as it is; `json` as JSON. */
  readonly body?: Buffer | string;
  readonly json?: unknown;
}

/** One API of the sandbox, served on a port of its own. */
export type Handler = (request: SandboxRequest) => SandboxResponse | Promise<SandboxResponse>;

/** A manifest as it was pushed, byte for byte. */
export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly pushedAt: Date;
}

/** What is known of the pushes of a tag since it was created. */
export interface TagPushes {
  readonly count: number;
  /** When it was last pushed, be it to the same manifest again. */
  readonly lastAt: Date;
}

export interface StoredRepository {
  readonly name: string;
  readonly manifests: ReadonlyMap<string, StoredManifest>;
  /** Tag to digest, in the order in which the tags were first pushed. */
  readonly tags: ReadonlyMap<string, string>;
  /** Has the same keys as `tags`. */
  readonly tagPushes: ReadonlyMap<string, TagPushes>;
  /** Digests of the blobs that this repository may read. */
  readonly blobs: ReadonlySet<string>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The one registry in memory on which `oci`, Selectel's host, RegistryUI and DTR stand. Repository names are whole paths. */
export interface OciStore {
  repositories(): readonly StoredRepository[];
  repository(name: string): StoredRepository | undefined;
  createRepository(name: string): StoredRepository;
  /** Removes a repository with all it holds; blobs stay until collected. */
  deleteRepository(name: string): void;
  blob(digest: string): Buffer | undefined;
  putBlob(repository: string, bytes: Buffer, digest?: string): string;
  deleteBlob(repository: string, digest: string): boolean;
  putManifest(repository: string, mediaType: string, bytes: Buffer, tag?: string, digest?: string): StoredManifest;
  /** Removes the manifest and every tag that points to it. */
  deleteManifest(repository: string, digest: string): boolean;
  deleteTag(repository: string, tag: string): boolean;
  /** Manifests of the repository whose `subject` is this digest. */
  referrers(repository: string, digest: string): readonly StoredManifest[];
  /** Digests of layers and config that the manifest names; of children for an index. Empty for what it cannot read. */
  references(manifest: StoredManifest): {
    readonly blobs: readonly { digest: string; size: number }[];
    readonly manifests: readonly { digest: string; size: number }[];
    readonly subject?: string;
  };
  /** Removes blobs that no manifest of any repository with this prefix references; with `untagged`, manifests without a tag that are no child of a kept index and no referrer first. With `dryRun` it only counts. Returns the bytes freed. */
  collectGarbage(options?: { prefix?: string; untagged?: boolean; dryRun?: boolean }): number;
}

/** Who may do what: asked by the OCI API before each request. */
export interface Access {
  readonly repository?: string;
  /** For a mount: the repository that it reads from, with `pull`. */
  readonly from?: string;
  readonly actions: readonly ("pull" | "push" | "delete" | "catalog")[];
}

/** Gives a refusal (401 with challenge, 403, …) or undefined when the request may go on. */
export type Authorize = (request: SandboxRequest, access: Access) => SandboxResponse | undefined | Promise<SandboxResponse | undefined>;

/** What a vendor lays over the OCI API of its registry host. */
export interface OciApiOptions {
  readonly store: OciStore;
  readonly clock: Clock;
  readonly authorize?: Authorize;
  /** Called before a write; a response refuses it (a repository of a registry that does not exist, garbage collection in progress). */
  readonly beforeWrite?: (repository: string, request: SandboxRequest) => SandboxResponse | undefined;
}

/** What `startSandbox` hands to a vendor: its servers listen already, so that their addresses are known, and get their handlers after. */
export interface SelectelContext {
  readonly store: OciStore;
  readonly clock: Clock;
  /** Origins without a slash at the end: `http://127.0.0.1:40123`. */
  readonly origins: { readonly api: string; readonly identity: string; readonly registryHost: string };
  /** Switches of `startSandbox({ selectel })`, as they were given. */
  readonly switches?: unknown;
}

/** What `createSelectelSandbox(context: SelectelContext): SelectelSandbox` of `selectel/index.ts` gives back. */
export interface SelectelSandbox {
  /** Serves `/api/v1` and `/api/v2`. */
  readonly api: Handler;
  /** Serves `/identity/v3`. */
  readonly identity: Handler;
  /** `createOciApi` with the vendor's `authorize` and `beforeWrite`. */
  readonly registryHost: Handler;
  /** The part of the start line: `v1`, `v2`, `authUrl`, `accountId`, `username`, `password`, `projectId`, `projectName`, `token`, `registryHost`. */
  readonly info: Readonly<Record<string, string>>;
}
