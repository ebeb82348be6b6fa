import { z } from "zod";
import { Account } from "./accounts";
import { count, flag, text } from "./shape";
import { unlessErrors, within } from "./values";

/** A team of an organization. */
export interface Team {
  /** UUID: what grants name a team by. */
  readonly id: string;
  /** UUID of the organization. */
  readonly orgID: string;
  readonly name: string;
  readonly description: string;
  readonly membersCount: number;
}

/** A member of an organization or a team. */
export interface Member {
  readonly member: Account;
  /** An owner of the organization, or an administrator of the team. */
  readonly isAdmin: boolean;
  /** Others may see the membership. */
  readonly isPublic: boolean;
}

/** How a team's members are taken from LDAP. */
export interface MemberSync {
  readonly enableSync: boolean;
  /** Take the members of one group (`groupDN`, `groupMemberAttr`) rather than the results of a search. */
  readonly selectGroupMembers: boolean;
  readonly groupDN: string;
  readonly groupMemberAttr: string;
  readonly searchBaseDN: string;
  /** Search the whole tree below `searchBaseDN`. */
  readonly searchScopeSubtree: boolean;
  readonly searchFilter: string;
}

/** How a team is linked to a group of SAML, as the server tells it: its members are not published. */
export type GroupLink = Readonly<Record<string, unknown>>;

export const Accounts = within("accounts", Account);

export const Team: z.ZodType<Team> = z.object({
  id: z.string(),
  orgID: text,
  name: z.string(),
  description: text,
  membersCount: count,
});
export const Teams = within("teams", Team);

export const Member: z.ZodType<Member> = z.object({ member: Account, isAdmin: flag, isPublic: flag });
export const Members = within("members", Member);

export const MemberSync: z.ZodType<MemberSync> = unlessErrors(
  z.object({
    enableSync: flag,
    selectGroupMembers: flag,
    groupDN: text,
    groupMemberAttr: text,
    searchBaseDN: text,
    searchScopeSubtree: flag,
    searchFilter: text,
  }),
);

export const GroupLink: z.ZodType<GroupLink> = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {});
