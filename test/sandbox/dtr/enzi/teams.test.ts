import { fields, items, outcome, rig } from "../rig";

const TEAMS = "/enzi/v0/accounts/team/teams";
const MEMBERS = "/enzi/v0/accounts/team/members";

describe("teams", () => {
  it("are listed by name, paged", async () => {
    const { send } = rig();
    const first = await send("GET", `${TEAMS}?limit=2`);
    expect(items(first, "teams")).toMatchObject([
      { name: "developers", description: "They push.", membersCount: 1 },
      { name: "operators" },
    ]);
    expect(fields(first)).toMatchObject({ nextPageStart: "readers", resourceCount: 3 });
    expect(items(await send("GET", `${TEAMS}?limit=2&start=readers`), "teams")).toHaveLength(1);
  });

  it("are created, found by name and by id, renamed and deleted", async () => {
    const { send, call } = rig();
    const created = await send("POST", TEAMS, { body: { name: "new", description: "d" } });
    const team = fields(created);
    expect([created.status, team]).toEqual([
      201,
      { id: expect.any(String), orgID: expect.any(String), name: "new", description: "d", membersCount: 0 },
    ]);
    for (const reference of ["new", team.id]) expect(fields(await send("GET", `${TEAMS}/${reference}`))).toEqual(team);
    await call("PUT", "repositories/team/app/teamAccess/new", { body: { accessLevel: "admin" } });
    expect(fields(await send("PATCH", `${TEAMS}/new`, { body: { name: "newer" } }))).toEqual({ ...team, name: "newer" });
    expect(outcome(await send("GET", `${TEAMS}/new`))).toBe("404 NO_SUCH_TEAM");
    expect(items(await call("GET", "repositories/team/app/teamAccess"), "teamAccessList")).toHaveLength(3);
    expect(outcome(await send("DELETE", `${TEAMS}/${team.id}`))).toBe("204");
    expect(items(await call("GET", "repositories/team/app/teamAccess"), "teamAccessList")).toHaveLength(2);
    expect(outcome(await send("DELETE", `${TEAMS}/newer`))).toBe("404 NO_SUCH_TEAM");
  });

  it.each([
    ["POST", TEAMS, { name: "readers" }, "409 TEAM_EXISTS"],
    ["POST", TEAMS, { name: "" }, "400 INVALID_FORM"],
    ["PATCH", `${TEAMS}/readers`, { name: "developers" }, "409 TEAM_EXISTS"],
    ["PATCH", `${TEAMS}/readers`, { name: "readers" }, "200"],
    ["GET", "/enzi/v0/accounts/none/teams", undefined, "404 NO_SUCH_ACCOUNT"],
    ["GET", "/enzi/v0/accounts/dev/teams", undefined, "400 INVALID_PARAMETERS"],
  ])("%s %s %j is %s", async (method, target, body, expected) => {
    expect(outcome(await rig().send(method, target, { body }))).toBe(expected);
  });

  it("keep how LDAP fills them, and a group link", async () => {
    const { send } = rig();
    expect(fields(await send("GET", `${TEAMS}/readers/memberSyncConfig`))).toMatchObject({
      enableSync: false,
      groupDN: "",
      searchFilter: "",
    });
    const sync = { enableSync: true, selectGroupMembers: true, groupDN: "cn=readers", groupMemberAttr: "member" };
    expect(fields(await send("PUT", `${TEAMS}/readers/memberSyncConfig`, { body: sync }))).toMatchObject({ ...sync, searchBaseDN: "" });
    expect(fields(await send("GET", `${TEAMS}/readers/memberSyncConfig`))).toMatchObject(sync);
    expect(fields(await send("GET", `${TEAMS}/readers/groupLinkConfig`))).toEqual({});
    await send("PUT", `${TEAMS}/readers/groupLinkConfig`, { body: { group: "g" } });
    expect(fields(await send("GET", `${TEAMS}/readers/groupLinkConfig`))).toEqual({ group: "g" });
  });
});

describe("members", () => {
  it("of an organization are listed, filtered and paged", async () => {
    const { send } = rig();
    const names = async (query: string) =>
      items(await send("GET", `${MEMBERS}${query}`), "members").map(({ member }) => (member as { name: string }).name); // as published
    expect(await names("")).toEqual(["dev", "member", "ops", "owner", "reader"]);
    expect(await names("?filter=admins")).toEqual(["owner"]);
    expect(await names("?filter=non-admins&limit=2&start=ops")).toEqual(["ops", "reader"]);
  });

  it("of an organization come, change and go with all their teams", async () => {
    const { send } = rig();
    const one = `${MEMBERS}/stranger`;
    expect(outcome(await send("GET", one))).toBe("404 NO_SUCH_MEMBER");
    expect(fields(await send("PUT", one, { body: { isAdmin: true } }))).toMatchObject({
      member: { name: "stranger" },
      isAdmin: true,
      isPublic: false,
    });
    expect(fields(await send("PUT", one, { body: { isPublic: true } }))).toMatchObject({ isAdmin: true, isPublic: true });
    await send("PUT", `${TEAMS}/readers/members/stranger`, { body: {} });
    expect(outcome(await send("DELETE", one))).toBe("204");
    expect(outcome(await send("DELETE", one))).toBe("204");
    expect(outcome(await send("GET", `${TEAMS}/readers/members/stranger`))).toBe("404 NO_SUCH_MEMBER");
  });

  it("of a team join its organization, with or without a body", async () => {
    const { send, call } = rig();
    expect(outcome(await send("PUT", `${TEAMS}/readers/members/stranger`))).toBe("200");
    expect(fields(await send("PUT", `${TEAMS}/readers/members/stranger`, { body: { isAdmin: true } }))).toMatchObject({ isAdmin: true });
    expect(fields(await send("GET", `${MEMBERS}/stranger`))).toMatchObject({ isAdmin: false });
    expect(outcome(await call("GET", "repositories/team/app", { user: "stranger" }))).toBe("200");
    expect(items(await send("GET", `${TEAMS}/readers/members?filter=admins`), "members")).toHaveLength(1);
    expect(outcome(await send("DELETE", `${TEAMS}/readers/members/stranger`))).toBe("204");
    expect(outcome(await call("GET", "repositories/team/app", { user: "stranger" }))).toBe("404 NO_SUCH_REPOSITORY");
    expect(outcome(await rig({ deleteAbsent: "404" }).send("DELETE", `${TEAMS}/readers/members/stranger`))).toBe("404 NO_SUCH_MEMBER");
  });

  it("are not accounts that there are not, nor organizations", async () => {
    const { send } = rig();
    for (const name of ["nobody", "team"])
      expect(outcome(await send("PUT", `${MEMBERS}/${name}`, { body: {} }))).toBe("404 NO_SUCH_ACCOUNT");
  });
});
