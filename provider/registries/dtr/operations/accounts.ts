import { z } from "zod";
import { operation } from "../../operation";
import { paged } from "../paging";
import { RepositoryAccessList, UserRepositoryAccess } from "../schemas/access";
import { Language, UserSettings } from "../schemas/accounts";
import { array } from "../schemas/values";
import { Webhook } from "../schemas/webhook";

/** What the registry knows of users and organizations. They are made, changed and listed by `enzi`. */
export const accounts = {
  /** The language of the website. */
  language: operation("GET /api/v0/accounts/language", { answer: Language }),
  /** Removes the user or organization with all repositories. Needs an administrator. */
  delete: operation("DELETE /api/v0/accounts/{namespace}", { errors: [403, 404] }),
  /** Removes all repositories of the user or organization. Deprecated, and gone from some versions of 2.6. Never repeated: there may be new ones by then. */
  deleteRepositories: operation("DELETE /api/v0/accounts/{namespace}/repositories", { repeatable: false, errors: [403, 404] }),
  /** The subscriptions to events of the namespace. In no pages. */
  webhooks: operation("GET /api/v0/accounts/{namespace}/webhooks", { answer: array(Webhook), errors: [403, 404] }),
  /** The repositories in which a team has a grant of its own. */
  teamRepositoryAccess: paged("GET /api/v0/accounts/{organization}/teams/{team}/repositoryAccess", {
    items: RepositoryAccessList,
    key: ({ repository }) => `${repository.namespace}/${repository.name}`,
    errors: [400, 403, 404],
  }),
  /** What a user may do in a repository. */
  userRepositoryAccess: operation("GET /api/v0/accounts/{username}/repositoryAccess/{namespace}/{repository}", {
    answer: UserRepositoryAccess,
    errors: [403, 404],
  }),
  getSettings: operation("GET /api/v0/accounts/{username}/settings", { answer: UserSettings, errors: [403, 404] }),
  /** Sets the user's content cache; an empty text takes it away. */
  updateSettings: operation("PATCH /api/v0/accounts/{username}/settings", {
    body: { contentCacheUUID: z.string() },
    repeatable: true,
    errors: [400, 403, 404],
  }),
};
