import { z } from "zod";
import { operation } from "../operation";
import { DockerConfig } from "./docker-config";
import { readLayers } from "./layers";
import * as parameters from "./parameters";
import * as schemas from "./schemas";

/**
 * The 30 operations of Selectel's Container Registry API, v1 and v2, in the order of the vendor's description "Container Registry API (v2.2)".
 * That description shows neither methods nor paths; they are those of the public clients (`selectel/craas-go`, the BroCodeX cleaners,
 * `fussraider/selectel-craas-ui`). Not certain: the path of `clusters`, and that the first three of v2 are v2's.
 * Success codes differ between documentation and clients (200, 201, 204), so every 2xx is success.
 */

const wire = {
  sortField: "sort_field",
  sortType: "sort_type",
  scopeMode: "scope_mode",
  deleteUntagged: "delete-untagged",
  dockerConfig: "docker-config",
  disableGc: "disable_gc",
} as const;

/** The service computes these while the caller waits: public clients allow them 5 minutes. */
const slow = { headers: 300_000, total: 900_000 };

/**
 * The layers of a manifest list come as `[]` unless its media types are accepted (observed by fussraider/selectel-craas-ui).
 */
const manifestTypes = [
  "application/json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "*/*",
].join(", ");

const isEmpty = (value: unknown) => !Array.isArray(value) || value.length === 0;
const dockerConfig = z.boolean().optional();
const expirationBody = { expiration: parameters.expiration };
const totals = { totalCount: z.number().nullish(), filteredCount: z.number().nullish() };
/** 204 stands for an empty list in v1, so it is borne in v2, too. */
const page = <T extends z.ZodRawShape>(shape: T) => z.object({ ...shape, ...totals }).optional();

export const v1 = {
  registries: {
    list: operation("GET /registries", { query: parameters.registryQuery, wire, answer: schemas.list(schemas.Registry), errors: [500] }),
    create: operation("POST /registries", { body: { name: parameters.name }, answer: schemas.Registry, errors: [400, 409, 500] }),
    get: operation("GET /registries/{id}", { answer: schemas.Registry, errors: [404, 500] }),
    delete: operation("DELETE /registries/{id}", { errors: [404, 500] }),
    clusters: operation("GET /registries/{id}/clusters", {
      answer: z.object({ clusters: schemas.list(schemas.Cluster), totalCount: z.number().nullish() }).optional(),
      errors: [404, 500],
    }),
  },
  garbageCollection: {
    // Not repeated blindly: a second collection would be a second time in which nobody may push.
    start: operation("POST /registries/{id}/garbage-collection", {
      query: { deleteUntagged: parameters.onlyTrue },
      wire,
      // No body comes back. Something has to be given, so that `find` can give it, too.
      read: () => ({ started: true as const }),
      timeouts: slow,
      errors: [404, 409, 500],
    }),
    size: operation("GET /registries/{id}/garbage-collection/size", {
      answer: schemas.GarbageCollectionSize,
      timeouts: slow,
      errors: [404, 500],
    }),
  },
  repositories: {
    list: operation("GET /registries/{id}/repositories", {
      query: parameters.repositoryQuery,
      wire,
      answer: schemas.list(schemas.Repository),
      errors: [404, 500],
    }),
    get: operation("GET /registries/{id}/repositories/{name}", { answer: schemas.Repository, errors: [404, 500] }),
    delete: operation("DELETE /registries/{id}/repositories/{name}", { timeouts: slow, errors: [404, 409, 500] }),
    cleanup: operation("POST /registries/{id}/repositories/{name}/cleanup", {
      body: {
        digests: z.array(parameters.digest).optional(),
        tags: z.array(parameters.tag).optional(),
        // A JSON boolean: the service does not understand the text "true".
        disableGc: z.boolean().optional(),
      },
      wire,
      rule: ({ digests, tags }) => (isEmpty(digests) && isEmpty(tags) ? "nothing to delete: give digests or tags" : undefined),
      answer: schemas.CleanupResult,
      timeouts: slow,
      // A digest means the same content for ever, so deleting it twice harms nobody, though the second answer reports it as failed.
      // A tag may have been pushed again in between, and the second request would delete the new image.
      repeatable: ({ tags }) => isEmpty(tags),
      errors: [404, 409, 500],
    }),
  },
  images: {
    list: operation("GET /registries/{id}/repositories/{name}/images", {
      query: parameters.imageQuery,
      answer: schemas.list(schemas.Image),
      errors: [404, 500],
    }),
    tags: operation("GET /registries/{id}/repositories/{name}/tags", {
      query: parameters.imageQuery,
      answer: schemas.list(z.string()),
      errors: [404, 500],
    }),
    layers: operation("GET /registries/{id}/repositories/{name}/{+reference}", {
      path: { reference: parameters.reference },
      headers: { accept: manifestTypes },
      read: readLayers,
      errors: [404, 500],
    }),
    delete: operation("DELETE /registries/{id}/repositories/{name}/{+digest}", {
      path: { digest: parameters.digest },
      errors: [404, 409, 500],
    }),
  },
  tokens: {
    // There is no list of simple tokens: one whose answer is lost cannot be found, only expire. So it is never sent twice.
    create: operation("POST /token", {
      query: { ttl: parameters.ttl, dockerConfig },
      wire,
      answer: z.union([schemas.SimpleToken, DockerConfig]),
      errors: [400, 500],
    }),
    get: operation("GET /token/{token}", { answer: schemas.SimpleTokenLife, secret: ["token"], errors: [404] }),
    revoke: operation("DELETE /token/{token}", { secret: ["token"], errors: [400, 500] }),
    // Once more only moves the end a little further.
    refresh: operation("POST /token/{token}/refresh", {
      answer: schemas.SimpleToken,
      secret: ["token"],
      repeatable: true,
      errors: [400, 404, 500],
    }),
  },
};

export const v2 = {
  registries: {
    list: operation("GET /registries", {
      query: parameters.registryQuery,
      wire,
      answer: page({ registries: schemas.list(schemas.RegistrySummary) }),
      errors: [500],
    }),
  },
  repositories: {
    list: operation("GET /registries/{id}/repositories", {
      query: parameters.repositoryQuery,
      wire,
      answer: page({ repositories: schemas.list(schemas.Repository) }),
      errors: [404, 500],
    }),
  },
  images: {
    list: operation("GET /registries/{id}/repositories/{name}/images", {
      query: parameters.imageSearchQuery,
      answer: page({ images: schemas.list(schemas.Image) }),
      errors: [404, 500],
    }),
  },
  tokens: {
    list: operation("GET /tokens", {
      query: parameters.tokenQuery,
      wire,
      answer: page({ tokens: schemas.list(schemas.Token) }),
      errors: [500],
    }),
    // Names are not unique and the secret is in this answer alone: `createToken` knows how to go on when it is lost.
    create: operation("POST /tokens", {
      query: { dockerConfig },
      body: { name: parameters.name.optional(), expiration: parameters.expiration, scope: parameters.scope },
      wire,
      answer: z.union([schemas.TokenWithSecret, DockerConfig]),
      errors: [400, 500],
    }),
    get: operation("GET /tokens/{id}", { answer: schemas.Token, errors: [404, 500] }),
    // Sets absolute values: twice is like once.
    update: operation("PATCH /tokens/{id}", {
      body: { name: parameters.name.optional(), expiration: parameters.expiration.optional(), scope: parameters.scope.optional() },
      rule: ({ id: _, ...changes }) => (Object.values(changes).every((value) => value === undefined) ? "nothing to change" : undefined),
      answer: schemas.Token,
      repeatable: true,
      errors: [404, 500],
    }),
    refresh: operation("POST /tokens/{id}/refresh", { body: expirationBody, answer: schemas.Token, repeatable: true, errors: [404, 500] }),
    // A second one takes back the secret of the first, whose answer nobody has: one valid secret is left, that of the last answer.
    regenerate: operation("POST /tokens/{id}/regenerate", {
      body: expirationBody,
      answer: schemas.TokenWithSecret,
      repeatable: true,
      errors: [404, 500],
    }),
    revoke: operation("POST /tokens/{id}/revoke", { repeatable: true, errors: [404, 500] }),
    delete: operation("DELETE /tokens/{id}", { errors: [404, 500] }),
  },
};

export const operations = { v1, v2 };
