import type { CallOptions } from "../call";
import type { DockerConfig } from "./docker-config";
import type { Layers } from "./layers";
import type {
  CleanupResult,
  Cluster,
  GarbageCollectionSize,
  Image,
  Registry,
  RegistrySummary,
  Repository,
  SimpleToken,
  Token,
  TokenWithSecret,
} from "./schemas";

/** A registry, by its UUID. */
export interface InRegistry {
  readonly id: string;
}

/** A repository: the registry's UUID and the name below the registry, slashes and all: `team/app`. */
export interface InRepository extends InRegistry {
  readonly name: string;
}

export interface Sorted<Field extends string> {
  /** Default `name`; for tokens `createdAt`. */
  readonly sortField?: Field;
  /** Default `asc`. */
  readonly sortType?: "asc" | "desc";
}

export interface Searched {
  /** Part of the name, as the service understands it: compare names yourself where it must be exactly one. */
  readonly search?: string;
}

export type ListRegistries = Searched & Sorted<"name" | "createdAt" | "size">;
export interface ListRepositories extends InRegistry, Searched, Sorted<"name" | "updatedAt" | "size"> {
  /** Names only. */
  readonly short?: boolean;
}
export interface ListImages extends InRepository, Searched {}
export interface ListTokens extends Searched, Sorted<"name" | "createdAt" | "lastUsedAt" | "expiresAt"> {
  readonly scopeMode?: "ro" | "rw";
}

/** Never, or at a time (RFC 3339). */
export type Expiration = { readonly isSet: true; readonly expiresAt: string } | { readonly isSet: false };

export interface Scope {
  /** true: push, pull and delete; false: pull only. */
  readonly modeRW: boolean;
  /** All registries of the project, future ones too. Excludes `registryIds`. */
  readonly allRegistries: boolean;
  readonly registryIds?: readonly string[];
}

export interface CreateToken {
  /** Need not be unique for the service. */
  readonly name?: string;
  readonly expiration: Expiration;
  readonly scope: Scope;
}

export interface Cleanup extends InRepository {
  readonly digests?: readonly string[];
  /** Deleting a tag probably deletes its digest with all its tags: never give a tag of a digest that has a tag to keep. */
  readonly tags?: readonly string[];
  /** Default false: the service starts a garbage collection by itself, during which nobody may push. */
  readonly disableGc?: boolean;
}

/** Where images of the client's registries lie, for `docker login`, `docker pull`. */
export interface Host {
  /** `cr.selcloud.ru`. */
  readonly registryHost: string;
  /** `https://cr.selcloud.ru`: the registry as an OCI client wants it. */
  readonly registryUrl: string;
  /** `https://cr.selcloud.ru/<registry>`: the registry's address as Selectel's Terraform provider gives it. */
  endpoint(registryName: string): string;
  /** `cr.selcloud.ru/<registry>`: what stands before `/repository:tag`. */
  imagePrefix(registryName: string): string;
}

type Options<Answer = unknown> = Omit<CallOptions<Answer>, "find">;

/**
 * Selectel's Container Registry API, v1 and v2: one method an operation, all 30 of them.
 *
 * Everything that fails throws RegistryError (`isNotFound`, `isConflict`, … tell apart); what cannot be right is refused with one of kind
 * `request` before anything is sent. Lists are async iterables that page to the end, give each item once, and throw ListError rather than
 * end early. Creations are not repeated when their answer is lost unless `find` is given: `createRegistry` and `createToken` do.
 */
export interface SelectelClient extends Host {
  readonly v1: {
    readonly registries: {
      list(parameters?: ListRegistries, options?: Options): AsyncIterable<Registry>;
      /** 409: the name is taken, by whomever: names are unique within the service. The registry is CREATING at first. */
      create(parameters: { readonly name: string }, options?: CallOptions<Registry>): Promise<Registry>;
      get(parameters: InRegistry, options?: Options): Promise<Registry>;
      /** Returns before the registry is gone: `waitForRegistry`. */
      delete(parameters: InRegistry, options?: Options): Promise<void>;
      /** Kubernetes clusters that are integrated with the registry. The path of this operation is not certain: see `clustersPath`. */
      clusters(parameters: InRegistry, options?: Options): Promise<readonly Cluster[]>;
    };
    readonly garbageCollection: {
      /** 409: one runs already. Returns when it has begun: `collectGarbage` runs it to its end. */
      start(
        parameters: InRegistry & { readonly deleteUntagged?: boolean },
        options?: CallOptions<{ readonly started: true }>,
      ): Promise<{ readonly started: true }>;
      /** What a collection would free. The service needs minutes for it at times. */
      size(parameters: InRegistry, options?: Options): Promise<GarbageCollectionSize>;
    };
    readonly repositories: {
      list(parameters: ListRepositories, options?: Options): AsyncIterable<Repository>;
      get(parameters: InRepository, options?: Options): Promise<Repository>;
      /** With all its images. 409: garbage is being collected. */
      delete(parameters: InRepository, options?: Options): Promise<void>;
      /**
       * Deletes many images at once. Succeeds although items failed: look at `failed`. 409: garbage is being collected.
       * Sent again when its answer is lost if it names digests only (those that are gone by then come back as failed, or not at all);
       * with tags it is not: a tag may point to a new image by then.
       */
      cleanup(parameters: Cleanup, options?: Options): Promise<CleanupResult>;
    };
    readonly images: {
      /** Indexes of multi-arch images are missing here, and their children look untagged: compare with `tags`. */
      list(parameters: InRepository, options?: Options): AsyncIterable<Image>;
      tags(parameters: InRepository, options?: Options): AsyncIterable<string>;
      /** What the service knows about a digest or a tag. */
      layers(parameters: InRepository & { readonly reference: string }, options?: Options): Promise<Layers>;
      /** The manifest with all its tags. 409: garbage is being collected. Many in a row end like that: prefer `repositories.cleanup`. */
      delete(parameters: InRepository & { readonly digest: string }, options?: Options): Promise<void>;
    };
    /** Simple tokens: for all registries of the project, known by their secret alone. It stands in the URL; errors show `***`. */
    readonly tokens: {
      create(
        parameters: { readonly ttl: "12h" | "1y"; readonly dockerConfig?: false },
        options?: CallOptions<SimpleToken>,
      ): Promise<SimpleToken>;
      create(parameters: { readonly ttl: "12h" | "1y"; readonly dockerConfig: true }, options?: Options): Promise<DockerConfig>;
      get(parameters: { readonly token: string }, options?: Options): Promise<SimpleToken>;
      revoke(parameters: { readonly token: string }, options?: Options): Promise<void>;
      /** Moves the end away by the token's ttl. */
      refresh(parameters: { readonly token: string }, options?: Options): Promise<SimpleToken>;
    };
  };
  readonly v2: {
    readonly registries: { list(parameters?: ListRegistries, options?: Options): AsyncIterable<RegistrySummary> };
    readonly repositories: { list(parameters: ListRepositories, options?: Options): AsyncIterable<Repository> };
    readonly images: { list(parameters: ListImages, options?: Options): AsyncIterable<Image> };
    /** Named tokens with a scope. */
    readonly tokens: {
      list(parameters?: ListTokens, options?: Options): AsyncIterable<Token>;
      /** With its secret, which no later answer shows. */
      create(parameters: CreateToken & { readonly dockerConfig?: false }, options?: CallOptions<TokenWithSecret>): Promise<TokenWithSecret>;
      /** The secret alone, as Docker wants it; the new token's id is probably lost. */
      create(parameters: CreateToken & { readonly dockerConfig: true }, options?: Options): Promise<DockerConfig>;
      get(parameters: { readonly id: string }, options?: Options): Promise<Token>;
      /** Changes what is given, leaves the rest. */
      update(parameters: { readonly id: string } & Partial<CreateToken>, options?: Options): Promise<Token>;
      /** Sets a new end; the secret stays. */
      refresh(parameters: { readonly id: string; readonly expiration: Expiration }, options?: Options): Promise<Token>;
      /** A new secret with the same name and scope; the old one ends at once. */
      regenerate(parameters: { readonly id: string; readonly expiration: Expiration }, options?: Options): Promise<TokenWithSecret>;
      /** Makes the secret invalid. The token stays in the list, and can be regenerated or deleted. */
      revoke(parameters: { readonly id: string }, options?: Options): Promise<void>;
      delete(parameters: { readonly id: string }, options?: Options): Promise<void>;
    };
  };
  /** Closes the connections. */
  close(): Promise<void>;
}
