import { z } from "zod";
import { timestampNanoseconds } from "./timestamps";

/** Rules for what callers give, checked before anything is sent. Messages name the rule, never the value. */

/** OCI's grammar of digests; the length is left to the service. */
export const digest = z.string().regex(/^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-zA-Z=_-]+$/, "must be a digest such as sha256:0123…");

export const tag = z.string().regex(/^\w[\w.-]{0,127}$/, "must be a tag");

/** `GET …/repositories/{name}/tags` and `…/images` are lists, so tags of these names cannot be asked for by name. */
export const reference = z.union([digest, tag], "must be a digest or a tag").refine((value) => value !== "tags" && value !== "images", {
  error: 'must be a digest: the API takes a tag called "tags" or "images" for the list of that name',
});

export const name = z.string("must be a string").min(1, "must not be empty");

export const sortType = z.enum(["asc", "desc"]).optional();
/** The service's own default of `limit` is 10. */
const page = {
  limit: z.number().int().positive().optional(),
  offset: z.number().int().nonnegative().optional(),
};
const search = { ...page, search: z.string().optional() };

export const registryQuery = { ...search, sortField: z.enum(["name", "createdAt", "size"]).optional(), sortType };
export const repositoryQuery = {
  ...search,
  sortField: z.enum(["name", "updatedAt", "size"]).optional(),
  sortType,
  /** Names only, and then sorted by name only. */
  short: z.boolean().optional(),
};
export const imageQuery = page;
export const imageSearchQuery = search;
export const tokenQuery = {
  ...search,
  sortField: z.enum(["name", "createdAt", "lastUsedAt", "expiresAt"]).optional(),
  sortType,
  /** Read-only or read-write tokens. */
  scopeMode: z.enum(["ro", "rw"]).optional(),
};

export const ttl = z.enum(["12h", "1y"], "must be 12h or 1y");

const expiresAt = z
  .string()
  .refine((value) => timestampNanoseconds(value) !== undefined, "must be an RFC 3339 time such as 2030-01-31T12:00:00Z");

/** `isSet: false` is a token without end; then `expiresAt` is not sent at all. */
export const expiration = z.discriminatedUnion("isSet", [
  z.strictObject({ isSet: z.literal(true), expiresAt }),
  z.strictObject({ isSet: z.literal(false), expiresAt: z.undefined("must be absent where isSet is false").optional() }),
]);

/**
 * What the service makes of `allRegistries` together with `registryIds` is not defined (its own example sends both and answers with
 * `allRegistries: false`), so both are refused.
 */
export const scope = z
  .strictObject({ modeRW: z.boolean(), allRegistries: z.boolean(), registryIds: z.array(name).optional() })
  .refine(
    (value) => !(value.allRegistries && value.registryIds && value.registryIds.length > 0),
    "allRegistries and registryIds exclude each other",
  )
  .transform(({ registryIds, ...rest }) => (rest.allRegistries || registryIds === undefined ? rest : { ...rest, registryIds }));

/** Sent only where it is on: that is how the clients in the field do it. */
export const onlyTrue = z
  .boolean()
  .optional()
  .transform((value) => value || undefined);
