import type { DtrClient, Event, ListedTag, Manifest, Repository, Tag } from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { dtr } from "../module";
import { expectKnown } from "./known-arguments";

/** A repository. */
export interface RepositoryArgs {
  /** User or organization. */
  namespace: string;
  /** The repository's name alone. */
  repository: string;
}

/** Which events. */
export interface EventsArgs {
  /** Only what happened before this moment: RFC 3339. */
  publishedBefore?: string;
  /** Only what happened after this moment: RFC 3339. */
  publishedAfter?: string;
  /** Only what this account did: its UUID. */
  actorId?: string;
  /** Only events of this type: `CREATE`, `GET`, `UPDATE`, `DELETE`, `SEND`, `FAIL`, `SCAN`. */
  eventType?: string;
  /** Only events about this type of object. Since 2.7. */
  objectType?: string;
}

const repositories = readFunction(
  "getRepositories",
  dtr,
  async (
    client: DtrClient,
    args: {
      /** Only those of this user or organization. */
      namespace?: string;
    },
    signal,
  ): Promise<Repository[]> => {
    expectKnown(args, ["namespace"]);
    const { namespace } = args;
    return Array.fromAsync(
      namespace === undefined ? client.repositories.list({}, { signal }) : client.repositories.listInNamespace({ namespace }, { signal }),
    );
  },
);
/** All repositories that the user may see, or those of one namespace. Long descriptions are not among what lists tell. */
export const getRepositories = repositories.plain;
export const getRepositoriesOutput = repositories.output;

const repository = readFunction(
  "getRepository",
  dtr,
  (client: DtrClient, args: RepositoryArgs, signal): Promise<Repository> => client.repositories.get(args, { signal }),
);
/** One repository; an error if there is none, or the user may not see it. */
export const getRepository = repository.plain;
export const getRepositoryOutput = repository.output;

const repositoryEvents = readFunction(
  "getRepositoryEvents",
  dtr,
  (
    client: DtrClient,
    args: RepositoryArgs &
      EventsArgs & {
        /** Leave out pulls, which only administrators of the repository see. Default `false`. */
        excludePull?: boolean;
      },
    signal,
  ): Promise<Event[]> => Array.fromAsync(client.repositories.events(args, { signal })),
);
/** What happened in a repository. */
export const getRepositoryEvents = repositoryEvents.plain;
export const getRepositoryEventsOutput = repositoryEvents.output;

const events = readFunction(
  "getEvents",
  dtr,
  (client: DtrClient, args: EventsArgs, signal): Promise<Event[]> => Array.fromAsync(client.events.list(args, { signal })),
);
/** What happened in the registry, as far as the user may see it. */
export const getEvents = events.plain;
export const getEventsOutput = events.output;

const manifests = readFunction(
  "getManifests",
  dtr,
  (client: DtrClient, args: RepositoryArgs, signal): Promise<Manifest[]> => Array.fromAsync(client.manifests.list(args, { signal })),
);
/** The manifests of a repository, with and without tags. */
export const getManifests = manifests.plain;
export const getManifestsOutput = manifests.output;

const tags = readFunction(
  "getTags",
  dtr,
  (
    client: DtrClient,
    args: RepositoryArgs & {
      /** With all that is known of their manifests. Default: digest, media types and size. */
      includeManifests?: boolean;
    },
    signal,
  ): Promise<ListedTag[]> => Array.fromAsync(client.tags.list({ ...args, domain: client.registryHost }, { signal })),
);
/** All tags of a repository, with who pushed them and when, whether they are signed, and where they were promoted or mirrored from. */
export const getTags = tags.plain;
export const getTagsOutput = tags.output;

const tag = readFunction(
  "getTag",
  dtr,
  async (
    client: DtrClient,
    args: RepositoryArgs & {
      /** A tag or a digest. */
      reference: string;
      /** Of a multi-arch image, only the one for this operating system: `linux`. */
      os?: string;
      /** Of a multi-arch image, only the one for this architecture: `amd64`. */
      arch?: string;
    },
    signal,
  ): Promise<Tag[]> => [...(await client.tags.get({ ...args, domain: client.registryHost }, { signal }))],
);
/** A tag, once for each image of a multi-arch one; or all tags of a digest. An error if there is none. */
export const getTag = tag.plain;
export const getTagOutput = tag.output;
