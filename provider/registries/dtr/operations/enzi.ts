import { z } from "zod";
import { operation } from "../../operation";
import { paged } from "../paging";
import { Account } from "../schemas/accounts";
import { Accounts, GroupLink, Member, MemberSync, Members, Team, Teams } from "../schemas/enzi";
import { name } from "./given";
import { someOf, wholeBody } from "./terms";

const fullName = z.string().optional();
const flag = z.boolean().optional();
const membership = { isAdmin: flag, isPublic: flag };
const accountChanges = { fullName, isActive: flag, isAdmin: flag };
const teamChanges = { name: name.optional(), description: z.string().optional() };
const filter = z.enum(["admins", "non-admins", "all"]).optional();
/** The account's name, not its id: what is listed twice while somebody is renamed does no harm. */
const byName = ({ name }: { readonly name: string }) => name;
const byMember = ({ member }: Member) => member.id || member.name;

/**
 * Users, organizations and teams: the account API (`/enzi/v0`) that the registry shares with UCP and MKE. Names in paths may be ids.
 */
export const enzi = {
  accounts: {
    /** Users and organizations. `order`: `name` or `fullName`, with `+` or `-` before it. `contains`: a part of the name. */
    list: paged("GET /enzi/v0/accounts", {
      query: {
        filter: z.enum(["users", "orgs", "admins", "non-admins", "active-users", "inactive-users", "all"]).optional(),
        order: name.optional(),
        contains: name.optional(),
      },
      by: "start",
      items: Accounts,
      key: byName,
      errors: [403],
    }),
    /** A user (with `password`, at least eight characters) or an organization (`isOrg`). ACCOUNT_EXISTS: `isExisting`. */
    create: operation("POST /enzi/v0/accounts", {
      body: {
        name,
        isOrg: z.boolean(),
        ...accountChanges,
        password: z.string().optional(),
        /** Take the user from LDAP. */
        searchLDAP: flag,
      },
      secret: ["password"],
      answer: Account,
      errors: [400, 403, 409],
    }),
    get: operation("GET /enzi/v0/accounts/{name}", { answer: Account, errors: [403, 404] }),
    /** Changes what is given. There is no renaming. */
    update: operation("PATCH /enzi/v0/accounts/{name}", {
      body: accountChanges,
      rule: someOf(...Object.keys(accountChanges)),
      answer: Account,
      repeatable: true,
      errors: [400, 403, 404],
    }),
    /** What becomes of its repositories is not documented: `accounts.delete` removes both. */
    delete: operation("DELETE /enzi/v0/accounts/{name}", { errors: [403, 404] }),
  },
  members: {
    /** The members of an organization. */
    list: paged("GET /enzi/v0/accounts/{organization}/members", {
      query: { filter },
      by: "start",
      items: Members,
      key: byMember,
      errors: [403, 404],
    }),
    get: operation("GET /enzi/v0/accounts/{organization}/members/{user}", { answer: Member, errors: [403, 404] }),
    /** Makes a user a member, or changes the membership. `isAdmin`: an owner of the organization. */
    set: operation("PUT /enzi/v0/accounts/{organization}/members/{user}", { body: membership, answer: Member, errors: [400, 403, 404] }),
    delete: operation("DELETE /enzi/v0/accounts/{organization}/members/{user}", { errors: [403, 404] }),
  },
  teams: {
    list: paged("GET /enzi/v0/accounts/{organization}/teams", { by: "start", items: Teams, key: byName, errors: [403, 404] }),
    create: operation("POST /enzi/v0/accounts/{organization}/teams", {
      body: { name, description: z.string().optional() },
      answer: Team,
      errors: [400, 403, 404, 409],
    }),
    /** `findTeam` asks once for many. */
    get: operation("GET /enzi/v0/accounts/{organization}/teams/{team}", { answer: Team, errors: [403, 404] }),
    /** Changes what is given; `name` renames. */
    update: operation("PATCH /enzi/v0/accounts/{organization}/teams/{team}", {
      body: teamChanges,
      rule: someOf(...Object.keys(teamChanges)),
      answer: Team,
      // After a renaming there is nothing of the old name.
      repeatable: ({ name }) => name === undefined,
      errors: [400, 403, 404, 409],
    }),
    delete: operation("DELETE /enzi/v0/accounts/{organization}/teams/{team}", { errors: [403, 404] }),
  },
  teamMembers: {
    list: paged("GET /enzi/v0/accounts/{organization}/teams/{team}/members", {
      query: { filter },
      by: "start",
      items: Members,
      key: byMember,
      errors: [403, 404],
    }),
    get: operation("GET /enzi/v0/accounts/{organization}/teams/{team}/members/{user}", { answer: Member, errors: [403, 404] }),
    /** Makes a user a member of the team, and of the organization, or changes the membership. */
    set: operation("PUT /enzi/v0/accounts/{organization}/teams/{team}/members/{user}", {
      body: membership,
      answer: Member,
      errors: [400, 403, 404],
    }),
    delete: operation("DELETE /enzi/v0/accounts/{organization}/teams/{team}/members/{user}", { errors: [403, 404] }),
  },
  /** How a team's members are taken from LDAP. */
  memberSync: {
    get: operation("GET /enzi/v0/accounts/{organization}/teams/{team}/memberSyncConfig", { answer: MemberSync, errors: [403, 404] }),
    set: operation("PUT /enzi/v0/accounts/{organization}/teams/{team}/memberSyncConfig", {
      body: {
        enableSync: z.boolean(),
        selectGroupMembers: flag,
        groupDN: z.string().optional(),
        groupMemberAttr: z.string().optional(),
        searchBaseDN: z.string().optional(),
        searchScopeSubtree: flag,
        searchFilter: z.string().optional(),
      },
      errors: [400, 403, 404],
    }),
  },
  /** How a team is linked to a group of SAML. What members the configuration has is not published. */
  groupLink: {
    get: operation("GET /enzi/v0/accounts/{organization}/teams/{team}/groupLinkConfig", { answer: GroupLink, errors: [403, 404] }),
    /** `config`: the whole configuration, as the server wants it. */
    set: wholeBody(
      operation("PUT /enzi/v0/accounts/{organization}/teams/{team}/groupLinkConfig", {
        body: { config: z.record(z.string(), z.unknown()) },
        wire: { config: "body" },
        errors: [400, 403, 404],
      }),
    ),
  },
};
