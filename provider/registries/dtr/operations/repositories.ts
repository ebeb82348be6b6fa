import { z } from "zod";
import { operation } from "../../operation";
import { paged } from "../paging";
import { TeamAccessList } from "../schemas/access";
import { Event } from "../schemas/event";
import { Repository } from "../schemas/repositories";
import { array, within } from "../schemas/values";
import { Webhook } from "../schemas/webhook";
import { name } from "./given";
import { accessLevel, domain, eventQuery, someOf, visibility } from "./terms";

const key = ({ namespace, name }: Repository) => `${namespace}/${name}`;

const settings = {
  shortDescription: z.string().optional(),
  longDescription: z.string().optional(),
  scanOnPush: z.boolean().optional(),
  /** Turns the tag limit off. */
  immutableTags: z.boolean().optional(),
  /** Without effect since 2.7. */
  enableManifestLists: z.boolean().optional(),
  /** 0: no limit. */
  tagLimit: z.number().int().nonnegative().optional(),
  visibility: visibility.optional(),
};

/** Repositories, their events, grants and webhooks. */
export const repositories = {
  /** All repositories that this user may see. */
  list: paged("GET /api/v0/repositories", { items: within("repositories", Repository), key }),
  /** Sets scan-on-push in all repositories of the registry. Needs an administrator. */
  toggleScanOnPush: operation("POST /api/v0/repositories/scan/toggle", {
    body: { scanOnPush: z.boolean() },
    repeatable: true,
    errors: [400, 403],
  }),
  /** The repositories of a user or organization that this user may see. NO_SUCH_ACCOUNT: there is none of that name. */
  listInNamespace: paged("GET /api/v0/repositories/{namespace}", {
    items: within("repositories", Repository),
    key,
    errors: [404],
  }),
  /**
   * REPOSITORY_EXISTS (a 400): there is one, see `isExisting`. NO_SUCH_ACCOUNT: there is no such namespace; the account API (`enzi.accounts`) makes them.
   * What visibility a repository gets without one is not documented: give it.
   */
  create: operation("POST /api/v0/repositories/{namespace}", {
    body: { name, ...settings },
    answer: Repository,
    errors: [400, 403, 404],
  }),
  /** One repository. NO_SUCH_REPOSITORY: it is not there, or this user may not see it. */
  get: operation("GET /api/v0/repositories/{namespace}/{repository}", { answer: Repository, errors: [404] }),
  /**
   * With everything in it. Succeeds if it is gone. `domain`: host of the registry (`registryHost`), under which signed tags' trust
   * data is kept. REPOSITORY_CONTAINS_TAGS_IN_NOTARY (a 405): `isInNotary`.
   */
  delete: operation("DELETE /api/v0/repositories/{namespace}/{repository}", { query: { domain }, errors: [403, 404, 405] }),
  /**
   * Changes what is given; there is no renaming. Always give `immutableTags` with its present value: the API describes it as required, and a server that takes
   * its absence for false would switch it off.
   */
  update: operation("PATCH /api/v0/repositories/{namespace}/{repository}", {
    body: settings,
    rule: someOf(...Object.keys(settings)),
    answer: Repository,
    repeatable: true,
    errors: [400, 403, 404],
  }),
  /** What happened in the repository. Pulls are shown to its administrators only; `excludePull` leaves them out. */
  events: paged("GET /api/v0/repositories/{namespace}/{repository}/events", {
    query: { ...eventQuery, excludePull: z.boolean().optional() },
    items: within("events", Event),
    key: (event) => event.id || JSON.stringify(event),
    errors: [400, 403, 404],
  }),
  /** The grants of teams in this repository alone. The only way to read one: there is no GET for one team. Teams are given by id, see `findTeam`. */
  listTeamAccess: paged("GET /api/v0/repositories/{namespace}/{repository}/teamAccess", {
    items: TeamAccessList,
    key: ({ team }) => team.id,
    errors: [403, 404],
  }),
  /** Grants, or changes the grant. What the server answers is doubtful for one grant, so nothing is given: read the list. */
  setTeamAccess: operation("PUT /api/v0/repositories/{namespace}/{repository}/teamAccess/{team}", {
    body: { accessLevel },
    errors: [400, 403, 404],
  }),
  /** Takes the grant away. Succeeds if there is none. */
  deleteTeamAccess: operation("DELETE /api/v0/repositories/{namespace}/{repository}/teamAccess/{team}", { errors: [400, 403, 404] }),
  /** The subscriptions to events of the repository. In no pages. */
  webhooks: operation("GET /api/v0/repositories/{namespace}/{repository}/webhooks", { answer: array(Webhook), errors: [403, 404] }),
};
