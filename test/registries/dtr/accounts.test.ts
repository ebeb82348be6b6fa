import { connected, failure } from "./connected";
import { all, describeRows } from "./rows";

const denied = [403, "NOT_AUTHORIZED"] as const;
const repository = {
  id: "1",
  namespace: "org",
  namespaceType: "organization",
  name: "app",
  shortDescription: "",
  visibility: "private",
  scanOnPush: false,
  immutableTags: false,
  pulls: 1,
  pushes: 2,
  tagLimit: 0,
};
const team = { id: "t", clientUserIsMember: true };
const jane = { name: "jane", id: "j", fullName: "Jane Doe", isOrg: false, isAdmin: false, isActive: true, isImported: false };
const org = { name: "org", id: "o", fullName: "", isOrg: true, membersCount: 3, teamsCount: 1 };
const member = { member: jane, isAdmin: true, isPublic: false };
const developers = { id: "9d1e", orgID: "o", name: "developers", description: "", membersCount: 2 };
const sync = {
  enableSync: true,
  selectGroupMembers: true,
  groupDN: "cn=developers,dc=example",
  groupMemberAttr: "member",
  searchBaseDN: "",
  searchScopeSubtree: false,
  searchFilter: "",
};
const inTeam = { organization: "org", team: "developers" };
const path = "/enzi/v0/accounts/org/teams/developers";

describe("accounts on the wire", () => {
  describeRows(
    ["accounts"],
    [
      {
        name: "accounts.language",
        line: "GET /api/v0/accounts/language",
        reply: { json: { language: "en" } },
        run: (client) => client.accounts.language(),
        gives: { language: "en" },
        errors: [],
      },
      ...[200, 202, 204].map((status) => ({
        name: "accounts.delete",
        line: "DELETE /api/v0/accounts/org",
        // 2.6 prints no status.
        reply: { status },
        run: (client: Parameters<Parameters<typeof connected>[1]>[0]["client"]) => client.accounts.delete({ namespace: "org" }),
        gives: undefined,
        errors: [denied, [404, "NO_SUCH_ACCOUNT"] as const],
      })),
      {
        name: "accounts.deleteRepositories",
        line: "DELETE /api/v0/accounts/org/repositories",
        reply: { status: 204 },
        run: (client) => client.accounts.deleteRepositories({ namespace: "org" }),
        gives: undefined,
        errors: [denied, [404, "NO_SUCH_ACCOUNT"]],
      },
      {
        name: "accounts.webhooks",
        line: "GET /api/v0/accounts/org/webhooks",
        reply: { json: null },
        run: (client) => client.accounts.webhooks({ namespace: "org" }),
        gives: [],
        errors: [denied, [404, "NO_SUCH_ACCOUNT"]],
      },
      {
        name: "accounts.teamRepositoryAccess",
        line: "GET /api/v0/accounts/org/teams/developers/repositoryAccess?pageSize=100",
        reply: { json: { team, repositoryAccessList: [{ accessLevel: "read-only", repository }] } },
        run: (client) => all(client.accounts.teamRepositoryAccess(inTeam)),
        gives: [{ accessLevel: "read-only", repository }],
        errors: [[400, "INVALID_PARAMETERS"], denied, [404, "NO_SUCH_TEAM"]],
      },
      {
        name: "accounts.userRepositoryAccess",
        line: "GET /api/v0/accounts/jane/repositoryAccess/org/app",
        reply: { json: { accessLevel: "admin", user: jane, repository } },
        run: (client) => client.accounts.userRepositoryAccess({ username: "jane", namespace: "org", repository: "app" }),
        gives: { accessLevel: "admin", user: jane, repository },
        errors: [denied, [404, "NO_SUCH_REPOSITORY"]],
      },
      {
        name: "accounts.getSettings",
        line: "GET /api/v0/accounts/jane/settings",
        // With a capital C, other than what is sent.
        reply: { json: { ContentCacheUUID: "c1" } },
        run: (client) => client.accounts.getSettings({ username: "jane" }),
        gives: { contentCacheUUID: "c1" },
        errors: [denied, [404, "NO_SUCH_USER"]],
      },
      {
        name: "accounts.getSettings",
        line: "GET /api/v0/accounts/jane/settings",
        reply: { json: { ContentCacheUUID: "" } },
        run: (client) => client.accounts.getSettings({ username: "jane" }),
        gives: {},
        errors: [],
      },
      {
        name: "accounts.updateSettings",
        line: "PATCH /api/v0/accounts/jane/settings",
        body: { contentCacheUUID: "c1" },
        reply: { status: 200 },
        run: (client) => client.accounts.updateSettings({ username: "jane", contentCacheUUID: "c1" }),
        gives: undefined,
        errors: [[400, "INVALID_USER_SETTINGS"], denied, [404, "NO_SUCH_USER"]],
      },
    ],
  );
});

describe("the account API on the wire", () => {
  describeRows(
    ["enzi"],
    [
      {
        name: "enzi.accounts.list",
        line: "GET /enzi/v0/accounts?filter=orgs&order=%2Bname&contains=or&limit=100",
        reply: { json: { accounts: [org, jane], nextPageStart: "", orgsCount: 1, resourceCount: 2, usersCount: 1 } },
        run: (client) => all(client.enzi.accounts.list({ filter: "orgs", order: "+name", contains: "or" })),
        gives: [org, jane],
        errors: [denied],
      },
      {
        name: "enzi.accounts.create",
        line: "POST /enzi/v0/accounts",
        body: { name: "n", isOrg: true, fullName: "n" },
        reply: { status: 201, json: org },
        run: (client) => client.enzi.accounts.create({ name: "n", isOrg: true, fullName: "n" }),
        gives: org,
        errors: [[400, "INVALID_FORM"], denied, [409, "ACCOUNT_EXISTS"]],
      },
      {
        name: "enzi.accounts.get",
        line: "GET /enzi/v0/accounts/jane%40example.com",
        reply: { json: { ...jane, onDemand: true, otpEnabled: null } },
        run: (client) => client.enzi.accounts.get({ name: "jane@example.com" }),
        gives: { ...jane, onDemand: true },
        errors: [denied, [404, "NO_SUCH_ACCOUNT"]],
      },
      {
        name: "enzi.accounts.update",
        line: "PATCH /enzi/v0/accounts/jane",
        body: { fullName: "", isActive: false },
        reply: { json: jane },
        run: (client) => client.enzi.accounts.update({ name: "jane", fullName: "", isActive: false }),
        gives: jane,
        errors: [[400, "INVALID_FORM"], denied, [404, "NO_SUCH_ACCOUNT"]],
      },
      {
        name: "enzi.accounts.delete",
        line: "DELETE /enzi/v0/accounts/jane",
        reply: { status: 204 },
        run: (client) => client.enzi.accounts.delete({ name: "jane" }),
        gives: undefined,
        errors: [denied, [404, "NO_SUCH_ACCOUNT"]],
      },
      {
        name: "enzi.members.list",
        line: "GET /enzi/v0/accounts/org/members?filter=admins&limit=100",
        reply: { json: { members: [member] } },
        run: (client) => all(client.enzi.members.list({ organization: "org", filter: "admins" })),
        gives: [member],
        errors: [denied, [404, "NO_SUCH_ACCOUNT"]],
      },
      {
        name: "enzi.members.get",
        line: "GET /enzi/v0/accounts/org/members/jane",
        reply: { json: member },
        run: (client) => client.enzi.members.get({ organization: "org", user: "jane" }),
        gives: member,
        errors: [denied, [404, "NO_SUCH_MEMBER"]],
      },
      {
        name: "enzi.members.set",
        line: "PUT /enzi/v0/accounts/org/members/jane",
        body: { isAdmin: true },
        reply: { json: member },
        run: (client) => client.enzi.members.set({ organization: "org", user: "jane", isAdmin: true }),
        gives: member,
        errors: [[400, "INVALID_FORM"], denied, [404, "NO_SUCH_ACCOUNT"]],
      },
      {
        name: "enzi.members.delete",
        line: "DELETE /enzi/v0/accounts/org/members/jane",
        reply: { status: 204 },
        run: (client) => client.enzi.members.delete({ organization: "org", user: "jane" }),
        gives: undefined,
        errors: [denied, [404, "NO_SUCH_MEMBER"]],
      },
      {
        name: "enzi.teams.list",
        line: "GET /enzi/v0/accounts/org/teams?limit=100",
        reply: { json: { teams: [developers], nextPageStart: "", resourceCount: 1 } },
        run: (client) => all(client.enzi.teams.list({ organization: "org" })),
        gives: [developers],
        errors: [denied, [404, "NO_SUCH_ACCOUNT"]],
      },
      {
        name: "enzi.teams.create",
        line: "POST /enzi/v0/accounts/org/teams",
        body: { name: "developers", description: "" },
        reply: { status: 201, json: developers },
        run: (client) => client.enzi.teams.create({ organization: "org", name: "developers", description: "" }),
        gives: developers,
        errors: [[400, "INVALID_FORM"], denied, [404, "NO_SUCH_ACCOUNT"], [409, "TEAM_EXISTS"]],
      },
      {
        name: "enzi.teams.get",
        line: `GET ${path}`,
        reply: { json: developers },
        run: (client) => client.enzi.teams.get(inTeam),
        gives: developers,
        errors: [denied, [404, "NO_SUCH_TEAM"]],
      },
      {
        name: "enzi.teams.update",
        line: `PATCH ${path}`,
        body: { name: "engineers" },
        reply: { json: { ...developers, name: "engineers" } },
        run: (client) => client.enzi.teams.update({ ...inTeam, name: "engineers" }),
        gives: { ...developers, name: "engineers" },
        errors: [[400, "INVALID_FORM"], denied, [404, "NO_SUCH_TEAM"], [409, "TEAM_EXISTS"]],
      },
      {
        name: "enzi.teams.delete",
        line: `DELETE ${path}`,
        reply: { status: 204 },
        run: (client) => client.enzi.teams.delete(inTeam),
        gives: undefined,
        errors: [denied, [404, "NO_SUCH_TEAM"]],
      },
      {
        name: "enzi.teamMembers.list",
        line: `GET ${path}/members?limit=100`,
        reply: { json: { members: null } },
        run: (client) => all(client.enzi.teamMembers.list(inTeam)),
        gives: [],
        errors: [denied, [404, "NO_SUCH_TEAM"]],
      },
      {
        name: "enzi.teamMembers.get",
        line: `GET ${path}/members/jane`,
        reply: { json: member },
        run: (client) => client.enzi.teamMembers.get({ ...inTeam, user: "jane" }),
        gives: member,
        errors: [denied, [404, "NO_SUCH_MEMBER"]],
      },
      {
        name: "enzi.teamMembers.set",
        line: `PUT ${path}/members/jane`,
        body: {},
        reply: { json: member },
        run: (client) => client.enzi.teamMembers.set({ ...inTeam, user: "jane" }),
        gives: member,
        errors: [[400, "INVALID_FORM"], denied, [404, "NO_SUCH_TEAM"]],
      },
      {
        name: "enzi.teamMembers.delete",
        line: `DELETE ${path}/members/jane`,
        reply: { status: 204 },
        run: (client) => client.enzi.teamMembers.delete({ ...inTeam, user: "jane" }),
        gives: undefined,
        errors: [denied, [404, "NO_SUCH_MEMBER"]],
      },
      {
        name: "enzi.memberSync.get",
        line: `GET ${path}/memberSyncConfig`,
        reply: { json: { enableSync: false } },
        run: (client) => client.enzi.memberSync.get(inTeam),
        gives: {
          enableSync: false,
          selectGroupMembers: false,
          groupDN: "",
          groupMemberAttr: "",
          searchBaseDN: "",
          searchScopeSubtree: false,
          searchFilter: "",
        },
        errors: [denied, [404, "NO_SUCH_TEAM"]],
      },
      {
        name: "enzi.memberSync.set",
        line: `PUT ${path}/memberSyncConfig`,
        body: sync,
        reply: { json: sync },
        run: (client) => client.enzi.memberSync.set({ ...inTeam, ...sync }),
        gives: undefined,
        errors: [[400, "INVALID_FORM"], denied, [404, "NO_SUCH_TEAM"]],
      },
      {
        name: "enzi.groupLink.get",
        line: `GET ${path}/groupLinkConfig`,
        reply: { json: { anything: ["the server", 1] } },
        run: (client) => client.enzi.groupLink.get(inTeam),
        gives: { anything: ["the server", 1] },
        errors: [denied, [404, "NO_SUCH_TEAM"]],
      },
      {
        name: "enzi.groupLink.set",
        line: `PUT ${path}/groupLinkConfig`,
        body: { groupName: "developers", nested: { a: [1] } },
        reply: {},
        run: (client) => client.enzi.groupLink.set({ ...inTeam, config: { groupName: "developers", nested: { a: [1] } } }),
        gives: undefined,
        errors: [[400, "INVALID_FORM"], denied, [404, "NO_SUCH_TEAM"]],
      },
    ],
  );
});

describe("a new user's password", () => {
  it("is in no message", async () => {
    await connected(
      ({ body }) => ({ status: 400, json: { code: "INVALID_FORM", message: body } }),
      async ({ client }) => {
        const error = await failure(client.enzi.accounts.create({ name: "jane", isOrg: false, password: "p4ssw0rd-of-jane" }));
        expect(error.message).toContain("INVALID_FORM");
        expect(JSON.stringify(error) + error.stack).not.toContain("p4ssw0rd-of-jane");
      },
    );
  });
});
