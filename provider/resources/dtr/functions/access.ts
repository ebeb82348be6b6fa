import type { DtrClient, NamespaceTeamAccess, RepositoryAccess, TeamAccess, UserRepositoryAccess } from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { dtr } from "../module";
import type { TeamArgs } from "./accounts";
import type { RepositoryArgs } from "./repositories";

const repositoryTeamAccess = readFunction(
  "getRepositoryTeamAccess",
  dtr,
  (client: DtrClient, args: RepositoryArgs, signal): Promise<TeamAccess[]> =>
    Array.fromAsync(client.repositories.listTeamAccess(args, { signal })),
);
/** What teams may do in one repository. The server names teams by id: `getTeams` tells whose it is. */
export const getRepositoryTeamAccess = repositoryTeamAccess.plain;
export const getRepositoryTeamAccessOutput = repositoryTeamAccess.output;

/** The repositories of an organization. */
export interface NamespaceArgs {
  /** Name of the organization. */
  namespace: string;
}

const namespaceTeamAccess = readFunction(
  "getNamespaceTeamAccess",
  dtr,
  (client: DtrClient, args: NamespaceArgs, signal): Promise<TeamAccess[]> =>
    Array.fromAsync(client.repositoryNamespaces.listTeamAccess(args, { signal })),
);
/** What teams may do in all repositories of an organization. The server names teams by id: `getTeams` tells whose it is. */
export const getNamespaceTeamAccess = namespaceTeamAccess.plain;
export const getNamespaceTeamAccessOutput = namespaceTeamAccess.output;

const teamNamespaceAccess = readFunction(
  "getTeamNamespaceAccess",
  dtr,
  (
    client: DtrClient,
    args: NamespaceArgs & {
      /** Name of the team. */
      team: string;
    },
    signal,
  ): Promise<NamespaceTeamAccess> => client.repositoryNamespaces.getTeamAccess(args, { signal }),
);
/** What one team may do in all repositories of its organization; an error if it has no such grant. */
export const getTeamNamespaceAccess = teamNamespaceAccess.plain;
export const getTeamNamespaceAccessOutput = teamNamespaceAccess.output;

const teamRepositoryAccess = readFunction(
  "getTeamRepositoryAccess",
  dtr,
  (client: DtrClient, args: TeamArgs, signal): Promise<RepositoryAccess[]> =>
    Array.fromAsync(client.accounts.teamRepositoryAccess(args, { signal })),
);
/** The repositories in which a team has a grant of its own, and what it may do there. */
export const getTeamRepositoryAccess = teamRepositoryAccess.plain;
export const getTeamRepositoryAccessOutput = teamRepositoryAccess.output;

const userRepositoryAccess = readFunction(
  "getUserRepositoryAccess",
  dtr,
  (
    client: DtrClient,
    args: RepositoryArgs & {
      /** Name of the user. */
      username: string;
    },
    signal,
  ): Promise<UserRepositoryAccess> => client.accounts.userRepositoryAccess(args, { signal }),
);
/** What a user may do in a repository, by whatever way. */
export const getUserRepositoryAccess = userRepositoryAccess.plain;
export const getUserRepositoryAccessOutput = userRepositoryAccess.output;
