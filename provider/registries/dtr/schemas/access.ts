import { z } from "zod";
import { Account } from "./accounts";
import { Repository } from "./repositories";
import { flag, text } from "./shape";
import { within } from "./values";

/** What a team or user may do: `read-only`, `read-write` or `admin`. Text, since later versions may know more. */
export type AccessLevel = string;

/** A team as grants name it: by id alone. `findTeam` knows the id of a name. */
export interface GrantedTeam {
  readonly id: string;
  /** Whether the caller is a member. */
  readonly clientUserIsMember: boolean;
}

/** What a team may do in one repository. */
export interface TeamAccess {
  readonly accessLevel: AccessLevel;
  readonly team: GrantedTeam;
}

/** What a team may do in all repositories of an organization. */
export interface NamespaceTeamAccess extends TeamAccess {
  readonly namespace: string;
}

/** What one team may do in a repository. */
export interface RepositoryAccess {
  readonly accessLevel: AccessLevel;
  readonly repository: Repository;
}

/** What a user may do in a repository, by whatever way. */
export interface UserRepositoryAccess extends RepositoryAccess {
  readonly user: Account;
}

const accessLevel = z.string();
const GrantedTeam: z.ZodType<GrantedTeam> = z.object({ id: z.string(), clientUserIsMember: flag });

const TeamAccess: z.ZodType<TeamAccess> = z.object({ accessLevel, team: GrantedTeam });
export const TeamAccessList = within("teamAccessList", TeamAccess);

export const NamespaceTeamAccess: z.ZodType<NamespaceTeamAccess> = z.object({
  accessLevel,
  team: GrantedTeam,
  // An object in DTR 1.3.
  namespace: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name), text]),
});

const RepositoryAccess: z.ZodType<RepositoryAccess> = z.object({ accessLevel, repository: Repository });
export const RepositoryAccessList = within("repositoryAccessList", RepositoryAccess);

export const UserRepositoryAccess: z.ZodType<UserRepositoryAccess> = z.object({ accessLevel, user: Account, repository: Repository });
