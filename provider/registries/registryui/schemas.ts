import { z } from "zod";
import { utcTime } from "./timestamps";

/**
 * What the Extended API answers, tolerant: unknown members are dropped, `null` is absent. Shapes are those of the vendor's pages
 * `/udr/v1api/repositories`, `/tags` and `/taginfo` (as of August 2020); only the members that they call supported are relied on.
 */

/** A repository or project. */
export interface RepositoryEntry {
  /** Whole path in the registry: `team/app`. */
  readonly fullPath: string;
  /** Last part of the path. */
  readonly name?: string;
  /** The project's title. */
  readonly title?: string;
  /** The project's description as HTML. */
  readonly descriptionHtml?: string;
  /** Whether anonymous users may read it. */
  readonly isPublic?: boolean;
  /** RFC 3339, up to seven fraction digits. */
  readonly created?: string;
  /** RFC 3339, up to seven fraction digits. */
  readonly updated?: string;
  /** False for a repository that was pushed and has no project. Not among the members that the vendor supports. */
  readonly isProject?: boolean;
}

export interface TagLayer {
  readonly id?: string;
  /** RFC 3339. */
  readonly created?: string;
  /** Bytes. */
  readonly size?: number;
}

/** A tag, as the Extended API knows it. */
export interface TagEntry {
  /** Whole path of the repository. */
  readonly repository: string;
  readonly tag: string;
  /** When the tag was last pushed: RFC 3339, up to seven fraction digits. */
  readonly lastUpdated?: string;
  /** Name of the user who last pushed it. */
  readonly lastUpdatedBy?: string;
  /** What the tag points to. For a multi-arch image nobody documents which digest this is: ask `/v2` before anything depends on it. */
  readonly digest?: string;
  /** Bytes. */
  readonly size?: number;
  readonly architecture?: string;
  /** Newest first; the first one carries the image's build time. */
  readonly layers: readonly TagLayer[];
  readonly pushCount?: number;
  readonly pullCount?: number;
  /** The Docker command that pulls the tag. */
  readonly pullCommand?: string;
  /** The Docker command that pushes the tag. */
  readonly pushCommand?: string;
}

/** One page of a list. */
export interface Page<T> {
  /** Entries that match, whatever `skip` and `take` are. Undefined where the server does not say. */
  readonly total?: number;
  readonly entries: readonly T[];
}

const optional = <T>(schema: z.ZodType<T>) => schema.nullish().transform((value) => value ?? undefined);
/** A time that nobody can read is no time; an entry is not refused for it. */
const time = optional(z.unknown()).transform((value) => (typeof value === "string" ? utcTime(value) : undefined));

export const RepositoryEntry: z.ZodType<RepositoryEntry> = z
  .object({
    fullPath: z.string().min(1),
    name: optional(z.string()),
    title: optional(z.string()),
    description: z
      .union([z.object({ html: optional(z.string()) }), z.string().transform((html) => ({ html }))])
      .nullish()
      .catch(undefined),
    isPublic: optional(z.boolean()),
    created: time,
    updated: time,
    isProject: z.boolean().nullish().catch(undefined),
  })
  .transform(({ description, isProject, ...entry }) => ({
    ...entry,
    ...(description?.html === undefined ? {} : { descriptionHtml: description.html }),
    ...(typeof isProject === "boolean" && { isProject }),
  }));

const Layer: z.ZodType<TagLayer> = z.object({ id: optional(z.string()), created: time, size: optional(z.number()) });

/** "As returned by the Docker Registry API": its members beside the digest are nobody's promise, so none of them makes an entry unreadable. */
const details = z
  .object({
    digest: optional(z.string().min(1)),
    size: z.number().nullish().catch(undefined),
    architecture: z.string().nullish().catch(undefined),
    layers: z.array(Layer.catch({})).nullish().catch(undefined),
  })
  .nullish();

export const TagEntry: z.ZodType<TagEntry> = z
  .object({
    repositoryName: z.string().min(1),
    tagName: z.string().min(1),
    lastUpdated: time,
    lastUpdatedBy: optional(z.string()),
    details,
    pushCount: optional(z.number()),
    pullCount: optional(z.number()),
    pullCommand: optional(z.string()),
    pushCommand: optional(z.string()),
  })
  .transform(({ repositoryName, tagName, details: known, ...entry }) => ({
    repository: repositoryName,
    tag: tagName,
    ...entry,
    digest: known?.digest ?? undefined,
    size: known?.size ?? undefined,
    architecture: known?.architecture ?? undefined,
    layers: known?.layers ?? [],
  }));

/** A page must be one: `{"error":null}` of whoever answered in the registry's place must not pass for "holds nothing". */
export const page = <T>(entry: z.ZodType<T>): z.ZodType<Page<T>> =>
  z
    .object({ total: optional(z.number()), count: optional(z.number()), entries: z.array(entry).nullish() })
    .refine(({ total, count, entries }) => Array.isArray(entries) || (entries === null && (total ?? count) === 0), { path: ["entries"] })
    .transform(({ total, entries }) => ({ ...(total !== undefined && { total }), entries: entries ?? [] }));

/** `data` of an answer about one thing. */
export const data = <T>(schema: z.ZodType<T>): z.ZodType<T> => z.object({ data: schema }).transform((answer) => answer.data);

/** `data: true`: it was done. `"true"` is borne. Anything else is no proof. */
export const done: z.ZodType<true> = data(z.union([z.literal(true), z.string().regex(/^true$/i)])).transform(() => true as const);

const truth = z.union([
  z.boolean(),
  z
    .string()
    .regex(/^(?:true|false)$/i)
    .transform((text) => text.toLowerCase() === "true"),
]);
const offlineObject = z
  .object({ offline: truth.optional(), isOffline: truth.optional() })
  .transform(({ offline, isOffline }) => offline ?? isOffline)
  .pipe(z.boolean());
/** The page of `isoffline` is not public, so every form that can mean one thing only is taken, and nothing else. */
export const offline: z.ZodType<boolean> = z.union([data(z.union([truth, offlineObject])), offlineObject, truth]);
