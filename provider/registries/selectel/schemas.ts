import { z } from "zod";

/**
 * What the API answers, tolerant: unknown members are dropped, `null` is absent, lists may be `null` or missing.
 * Shapes are those of the vendor's description "Container Registry API (v2.2)" (docs.selectel.ru/api/craas) and of the fixtures of `selectel/craas-go`.
 */

/** `UNKNOWN` stands for whatever the service says beyond the five that its clients know. */
export type RegistryStatus = "CREATING" | "ACTIVE" | "DELETING" | "GARBAGE_COLLECTION" | "ERROR" | "UNKNOWN";
const registryStatuses: readonly string[] = ["CREATING", "ACTIVE", "DELETING", "GARBAGE_COLLECTION", "ERROR"];

/** A registry as the lists of v2 give it. */
export interface RegistrySummary {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  /** RFC 3339 with 0 to 9 fraction digits. */
  readonly createdAt?: string;
  readonly status: RegistryStatus;
  /** The status's own text where `status` is UNKNOWN. */
  readonly reportedStatus?: string;
  /** Bytes. */
  readonly size?: number;
}

/** A registry as v1 gives it. */
export interface Registry extends RegistrySummary {
  /** Bytes; cannot be set through the API. */
  readonly sizeLimit?: number;
  /** Percent of the limit, as the service computes it: it need not match `size / sizeLimit`. */
  readonly used?: number;
}

export interface Cluster {
  readonly id: string;
  readonly name?: string;
  /** `ru-9`. */
  readonly pool?: string;
}

/** Bytes that a garbage collection would free. */
export interface GarbageCollectionSize {
  /** Layers that no manifest references. */
  readonly sizeNonReferenced: number;
  /** Images without a tag: freed only with `deleteUntagged`. */
  readonly sizeUntagged: number;
  readonly sizeSummary: number;
}

export interface Repository {
  readonly name: string;
  /** Bytes. Absent in a `short` list. */
  readonly size?: number;
  readonly updatedAt?: string;
  /** `helm_chart` for charts; other values are not documented. */
  readonly type?: string;
}

export interface Layer {
  readonly digest: string;
  /** Bytes. */
  readonly size?: number;
}

export interface Image {
  readonly digest: string;
  /** When the image was built (its config says so), not when it was pushed: reproducible builds look ancient. */
  readonly createdAt?: string;
  /** Empty for untagged images; children of a multi-arch image look like that too. */
  readonly tags: readonly string[];
  /** Bytes. */
  readonly size?: number;
  readonly layers: readonly Layer[];
  readonly mediaType?: string;
  readonly os?: string;
  readonly architecture?: string;
}

export interface CleanupResult {
  readonly deleted: readonly { readonly digest: string; readonly tags: readonly string[] }[];
  /** What stayed although the call succeeded: look at it always. */
  readonly failed: readonly { readonly digest: string; readonly tags: readonly string[]; readonly error: string }[];
}

/** A simple token (v1). It has no id beside its secret. */
export interface SimpleToken {
  /** The secret: password of the user `token`. */
  readonly token: string;
  /** Unix time, seconds. */
  readonly expireAt: number;
  /** Seconds from the answer. */
  readonly expireIn: number;
}

export interface TokenExpiration {
  /** false: never expires. */
  readonly isSet: boolean;
  /** RFC 3339; absent where `isSet` is false. */
  readonly expiresAt?: string;
}

export interface TokenScope {
  /** true: push, pull and delete; false: pull only. */
  readonly modeRW: boolean;
  /** All registries of the project, future ones too. */
  readonly allRegistries: boolean;
  readonly registryIds: readonly string[];
}

/** A named token (v2). */
export interface Token {
  readonly id: string;
  readonly name?: string;
  readonly createdAt?: string;
  readonly lastUsedAt?: string;
  /** `active`; seen besides: `expired`, `revoked`, `deleted`. Whatever is not `active` cannot be used. */
  readonly status: string;
  readonly expiration: TokenExpiration;
  readonly scope: TokenScope;
}

/** A named token with its secret: the answers of create and regenerate alone have it. */
export interface TokenWithSecret extends Token {
  /** The secret: password of the user `token`. */
  readonly token: string;
}

const optional = <T>(schema: z.ZodType<T>) => schema.nullish().transform((value) => value ?? undefined);
/** A list that may be `null`, missing, or (204) no body at all. */
export const list = <T>(schema: z.ZodType<T>): z.ZodType<T[]> =>
  z
    .array(schema)
    .nullish()
    .transform((items) => items ?? []);

const summary = {
  id: z.string().min(1),
  name: z.string(),
  createdAt: optional(z.string()),
  status: optional(z.string()),
  size: optional(z.number()),
};

function withStatus<T extends { status?: string | undefined }>({ status = "", ...rest }: T) {
  const known = status.toUpperCase();
  if (registryStatuses.includes(known)) return { ...rest, status: known as RegistryStatus }; // it is in the list
  return { ...rest, status: "UNKNOWN" as const, ...(status === "" ? {} : { reportedStatus: status }) };
}

export const RegistrySummary: z.ZodType<RegistrySummary> = z.object(summary).transform(withStatus);

export const Registry: z.ZodType<Registry> = z
  .object({ ...summary, sizeLimit: optional(z.number()), used: optional(z.number()) })
  .transform(withStatus);

export const Cluster: z.ZodType<Cluster> = z.object({ id: z.string(), name: optional(z.string()), pool: optional(z.string()) });

export const GarbageCollectionSize: z.ZodType<GarbageCollectionSize> = z.object({
  sizeNonReferenced: z.number(),
  sizeUntagged: z.number(),
  sizeSummary: z.number(),
});

const repositoryObject = z.object({
  name: z.string().min(1),
  size: optional(z.number()),
  updatedAt: optional(z.string()),
  type: optional(z.string()),
});
/** The shape of a short answer is not documented: objects with a name, or bare names. */
export const Repository: z.ZodType<Repository> = z.union([
  repositoryObject,
  z
    .string()
    .min(1)
    .transform((name) => ({ name })),
]);

export const Layer: z.ZodType<Layer> = z.object({ digest: z.string().min(1), size: optional(z.number()) });

export const Image: z.ZodType<Image> = z.object({
  digest: z.string().min(1),
  createdAt: optional(z.string()),
  tags: list(z.string()),
  size: optional(z.number()),
  layers: list(Layer),
  mediaType: optional(z.string()),
  os: optional(z.string()),
  architecture: optional(z.string()),
});

const cleaned = {
  digest: z
    .string()
    .nullish()
    .transform((value) => value ?? ""),
  tags: list(z.string()),
};
const reason = z
  .string()
  .nullish()
  .transform((value) => value ?? "no reason given");
/** No body (clients in the field meet 204) says nothing about any item: neither list has it. */
export const CleanupResult: z.ZodType<CleanupResult> = z
  .object({ deleted: list(z.object(cleaned)), failed: list(z.object({ ...cleaned, error: reason })) })
  .nullish()
  .transform((value) => value ?? { deleted: [], failed: [] });

export const SimpleToken: z.ZodType<SimpleToken> = z.object({ token: z.string().min(1), expireAt: z.number(), expireIn: z.number() });
/** `GET token/{token}` answers without the token. */
export const SimpleTokenLife: z.ZodType<Omit<SimpleToken, "token">> = z.object({ expireAt: z.number(), expireIn: z.number() });

const TokenExpiration: z.ZodType<TokenExpiration> = z
  .object({ isSet: z.boolean().nullish(), expiresAt: optional(z.string()) })
  .nullish()
  // An unset time comes as `0001-01-01T00:00:00Z` from servers written in Go.
  .transform((value) => (value?.isSet ? { isSet: true, expiresAt: value.expiresAt } : { isSet: false }));
const TokenScope: z.ZodType<TokenScope> = z
  .object({ modeRW: z.boolean().nullish(), allRegistries: z.boolean().nullish(), registryIds: list(z.string()) })
  .nullish()
  .transform((value) => ({
    modeRW: value?.modeRW ?? false,
    allRegistries: value?.allRegistries ?? false,
    registryIds: value?.registryIds ?? [],
  }));
const token = {
  id: z.string().min(1),
  name: optional(z.string()),
  createdAt: optional(z.string()),
  lastUsedAt: optional(z.string()),
  status: z
    .string()
    .nullish()
    .transform((value) => value ?? "unknown"),
  expiration: TokenExpiration,
  scope: TokenScope,
};
/** Without the secret, even if the service gave one: only create and regenerate are asked for it. */
export const Token: z.ZodType<Token> = z.object(token);
export const TokenWithSecret: z.ZodType<TokenWithSecret> = z.object({ ...token, token: z.string().min(1) });
