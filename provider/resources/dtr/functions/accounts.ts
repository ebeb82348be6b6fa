import type { Account, DtrClient, GroupLink, Language, Member, MemberSync, Team } from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { dtr } from "../module";

/** Which accounts. */
export interface AccountsArgs {
  /** Which kind. Default `all`. */
  filter?: "users" | "orgs" | "admins" | "non-admins" | "active-users" | "inactive-users" | "all";
  /** Only those whose name contains this. */
  contains?: string;
  /** `name` or `fullName`, with `+` or `-` before it. */
  order?: string;
}

const accounts = readFunction(
  "getAccounts",
  dtr,
  (client: DtrClient, args: AccountsArgs, signal): Promise<Account[]> => Array.fromAsync(client.enzi.accounts.list(args, { signal })),
);
/** Users and organizations. */
export const getAccounts = accounts.plain;
export const getAccountsOutput = accounts.output;

const account = readFunction(
  "getAccount",
  dtr,
  (
    client: DtrClient,
    args: {
      /** Name of a user or organization, or its UUID. */
      name: string;
    },
    signal,
  ): Promise<Account> => client.enzi.accounts.get(args, { signal }),
);
/** One user or organization; an error if there is none. */
export const getAccount = account.plain;
export const getAccountOutput = account.output;

/** An organization. */
export interface OrganizationArgs {
  /** Its name. */
  organization: string;
}

/** Which members. */
export interface MembersArgs {
  /** Which kind. Default `all`. */
  filter?: "admins" | "non-admins" | "all";
}

const organizationMembers = readFunction(
  "getOrganizationMembers",
  dtr,
  (client: DtrClient, args: OrganizationArgs & MembersArgs, signal): Promise<Member[]> =>
    Array.fromAsync(client.enzi.members.list(args, { signal })),
);
/** The members of an organization. */
export const getOrganizationMembers = organizationMembers.plain;
export const getOrganizationMembersOutput = organizationMembers.output;

/** A user as a member. */
export interface MemberArgs {
  /** Name of the user. */
  user: string;
}

const organizationMember = readFunction(
  "getOrganizationMember",
  dtr,
  (client: DtrClient, args: OrganizationArgs & MemberArgs, signal): Promise<Member> => client.enzi.members.get(args, { signal }),
);
/** One member of an organization; an error if the user is none. */
export const getOrganizationMember = organizationMember.plain;
export const getOrganizationMemberOutput = organizationMember.output;

const teams = readFunction(
  "getTeams",
  dtr,
  (client: DtrClient, args: OrganizationArgs, signal): Promise<Team[]> => Array.fromAsync(client.enzi.teams.list(args, { signal })),
);
/** The teams of an organization. */
export const getTeams = teams.plain;
export const getTeamsOutput = teams.output;

/** A team. */
export interface TeamArgs extends OrganizationArgs {
  /** Name of the team. */
  team: string;
}

const team = readFunction(
  "getTeam",
  dtr,
  (client: DtrClient, args: TeamArgs, signal): Promise<Team> => client.enzi.teams.get(args, { signal }),
);
/** One team; an error if there is none. */
export const getTeam = team.plain;
export const getTeamOutput = team.output;

const teamMembers = readFunction(
  "getTeamMembers",
  dtr,
  (client: DtrClient, args: TeamArgs & MembersArgs, signal): Promise<Member[]> =>
    Array.fromAsync(client.enzi.teamMembers.list(args, { signal })),
);
/** The members of a team. */
export const getTeamMembers = teamMembers.plain;
export const getTeamMembersOutput = teamMembers.output;

const teamMember = readFunction(
  "getTeamMember",
  dtr,
  (client: DtrClient, args: TeamArgs & MemberArgs, signal): Promise<Member> => client.enzi.teamMembers.get(args, { signal }),
);
/** One member of a team; an error if the user is none. */
export const getTeamMember = teamMember.plain;
export const getTeamMemberOutput = teamMember.output;

const teamLdapSync = readFunction(
  "getTeamLdapSync",
  dtr,
  (client: DtrClient, args: TeamArgs, signal): Promise<MemberSync> => client.enzi.memberSync.get(args, { signal }),
);
/** How the members of a team are taken from LDAP. */
export const getTeamLdapSync = teamLdapSync.plain;
export const getTeamLdapSyncOutput = teamLdapSync.output;

const teamGroupLink = readFunction(
  "getTeamGroupLink",
  dtr,
  (client: DtrClient, args: TeamArgs, signal): Promise<GroupLink> => client.enzi.groupLink.get(args, { signal }),
);
/** How a team is linked to a group of SAML, as the server tells it: the vendor does not document the keys. */
export const getTeamGroupLink = teamGroupLink.plain;
export const getTeamGroupLinkOutput = teamGroupLink.output;

/** Settings of a user. */
export interface UserSettingsResult {
  /** UUID of the content cache through which the user pulls; empty: none. */
  readonly contentCacheId: string;
}

const userSettings = readFunction(
  "getUserSettings",
  dtr,
  async (
    client: DtrClient,
    args: {
      /** Name of the user. */
      username: string;
    },
    signal,
  ): Promise<UserSettingsResult> => ({ contentCacheId: (await client.accounts.getSettings(args, { signal })).contentCacheUUID ?? "" }),
);
/** Settings of a user. */
export const getUserSettings = userSettings.plain;
export const getUserSettingsOutput = userSettings.output;

const language = readFunction(
  "getLanguage",
  dtr,
  (client: DtrClient, _args: Record<never, never>, signal): Promise<Language> => client.accounts.language({}, { signal }),
);
/** The language of the website. */
export const getLanguage = language.plain;
export const getLanguageOutput = language.output;
