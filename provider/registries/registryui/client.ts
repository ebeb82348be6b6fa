import type { CallOptions } from "../call";
import type { OciClient } from "../oci";
import type { RepositoryEntry, TagEntry } from "./schemas";

/** A repository, by its whole path in the registry: `team/app`. */
export interface InRepository {
  readonly repository: string;
}

export interface InTag extends InRepository {
  readonly tag: string;
}

export interface ListRepositories {
  /** Only what lies in this path. Whether that includes the path itself, and what lies deeper, is not documented. */
  readonly folder?: string;
  /** Only paths after this one, in the server's order. */
  readonly startAfter?: string;
}

export interface NewProject extends InRepository {
  readonly title?: string;
  /** Anonymous users may read it. */
  readonly isPublic?: boolean;
}

type Options = Omit<CallOptions, "find">;

/**
 * RegistryUI's Extended API (`/udr/v1api`): one method for each of its ten calls, and the registry itself (`/v2`) beside it.
 *
 * Everything that fails throws RegistryError, also what comes inside an answer with status 200: `isOffline`, `isNotAuthorized`, `isExisting` tell
 * apart. What cannot be right is refused with one of kind `request` before anything is sent. Lists are async iterables that page by key to the
 * end, give each entry once, and throw ListError rather than end early; they hold what the user may read, so an empty list may mean "no permission".
 * Nothing that changes something is repeated when its answer is lost, unless `find` is given.
 */
export interface RegistryUiClient {
  /** `https://registry.example.com`, without a slash at its end. */
  readonly url: string;
  /** `registry.example.com`: what stands before `/repository:tag`. */
  readonly registryHost: string;
  /** Undefined: anonymous. */
  readonly username?: string;
  /** The registry at the same origin, with the same credentials. */
  readonly oci: OciClient;
  readonly registry: {
    /** True also while garbage is collected. */
    isOffline(parameters?: Record<never, never>, options?: Options): Promise<boolean>;
    /** Needs an administrator. `/v2` is unavailable from then on, too. `setOffline` of this module finds out what became of a lost answer. */
    setOffline(parameters?: Record<never, never>, options?: CallOptions<true>): Promise<true>;
    /** Needs an administrator. */
    setOnline(parameters?: Record<never, never>, options?: CallOptions<true>): Promise<true>;
  };
  readonly garbageCollection: {
    /** Needs an administrator. Takes the registry offline, answers when it is over, which may be hours later. `collectGarbage` sees to the end of it. */
    run(parameters?: Record<never, never>, options?: Options): Promise<true>;
  };
  readonly projects: {
    /** Needs an administrator. `isExisting`: there is one. `createProject` finds out what became of a lost answer. */
    create(parameters: NewProject, options?: CallOptions<RepositoryEntry>): Promise<RepositoryEntry>;
  };
  readonly repositories: {
    list(parameters?: ListRepositories, options?: Options): AsyncIterable<RepositoryEntry>;
  };
  readonly folders: {
    /** Needs an administrator. Removes the path and whatever lies below it: projects, repositories, tags. */
    delete(parameters: { readonly path: string }, options?: CallOptions<true>): Promise<true>;
  };
  readonly tags: {
    list(parameters: InRepository, options?: Options): AsyncIterable<TagEntry>;
    get(parameters: InTag, options?: Options): Promise<TagEntry>;
    /** Needs an administrator. May remove every tag of the same digest: whether they survive is not documented. */
    delete(parameters: InTag, options?: CallOptions<true>): Promise<true>;
  };
  /** Closes the connections. */
  close(): Promise<void>;
}
