import { operation } from "../../operation";
import { paged } from "../paging";
import { NamespaceTeamAccess, TeamAccessList } from "../schemas/access";
import { accessLevel } from "./terms";

/** What teams may do in all repositories of an organization. */
export const repositoryNamespaces = {
  /** The grants of an organization. A 400: the namespace is a user's. */
  listTeamAccess: paged("GET /api/v0/repositoryNamespaces/{namespace}/teamAccess", {
    items: TeamAccessList,
    key: ({ team }) => team.id,
    errors: [400, 403, 404],
  }),
  /** One grant. NO_SUCH_NAMESPACE_TEAM_ACCESS: the team has none. */
  getTeamAccess: operation("GET /api/v0/repositoryNamespaces/{namespace}/teamAccess/{team}", {
    answer: NamespaceTeamAccess,
    errors: [403, 404],
  }),
  /** Grants, or changes the grant. NO_SUCH_TEAM: there is no team of that name; a 400: it belongs to another organization. */
  setTeamAccess: operation("PUT /api/v0/repositoryNamespaces/{namespace}/teamAccess/{team}", {
    body: { accessLevel },
    answer: NamespaceTeamAccess,
    errors: [400, 403, 404],
  }),
  /** Takes the grant away. Succeeds if there is none. */
  deleteTeamAccess: operation("DELETE /api/v0/repositoryNamespaces/{namespace}/teamAccess/{team}", { errors: [403, 404] }),
};
