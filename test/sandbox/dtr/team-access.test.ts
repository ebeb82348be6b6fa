import { fields, items, outcome, rig } from "./rig";

const NAMESPACE = "repositoryNamespaces/team/teamAccess";
const REPOSITORY = "repositories/team/app/teamAccess";

describe("a namespace grant", () => {
  it("is set, read, changed and removed, and names its team by id only", async () => {
    const { call } = rig();
    const expected = (accessLevel: string) => ({
      accessLevel,
      team: { id: expect.stringMatching(/^0{8}-/), clientUserIsMember: false },
      namespace: "team",
    });
    for (const level of ["read-only", "admin"]) {
      const set = await call("PUT", `${NAMESPACE}/readers`, { body: { accessLevel: level } });
      expect([set.status, fields(set)]).toEqual([200, expected(level)]);
      expect(fields(await call("GET", `${NAMESPACE}/readers`))).toEqual(expected(level));
    }
    for (const _time of [1, 2]) expect(outcome(await call("DELETE", `${NAMESPACE}/readers`))).toBe("204");
    expect(outcome(await call("GET", `${NAMESPACE}/readers`))).toBe("404 NO_SUCH_NAMESPACE_TEAM_ACCESS");
  });

  it("is listed for members, with whether they are in the team", async () => {
    const { call } = rig();
    const answer = await call("GET", NAMESPACE, { user: "ops" });
    expect(fields(answer)).toMatchObject({
      namespace: "team",
      teamAccessList: [{ accessLevel: "admin", team: { clientUserIsMember: true } }],
    });
    expect(outcome(await call("GET", NAMESPACE, { user: "member" }))).toBe("200");
    expect(outcome(await call("GET", NAMESPACE, { user: "stranger" }))).toBe("403 NOT_AUTHORIZED");
  });

  it.each([
    ["GET", "repositoryNamespaces/none/teamAccess", undefined, "404 NO_SUCH_ACCOUNT"],
    ["GET", "repositoryNamespaces/stranger/teamAccess", undefined, "400 INVALID_PARAMETERS"],
    ["GET", `${NAMESPACE}/none`, undefined, "404 NO_SUCH_NAMESPACE_TEAM_ACCESS"],
    ["PUT", `${NAMESPACE}/none`, { accessLevel: "admin" }, "404 NO_SUCH_TEAM"],
    ["PUT", `${NAMESPACE}/readers`, { accessLevel: "write" }, "400 INVALID_PARAMETERS"],
    ["PUT", `${NAMESPACE}/readers`, {}, "400 INVALID_PARAMETERS"],
  ])("%s %s %j is %s", async (method, target, body, expected) => {
    expect(outcome(await rig().call(method, target, { body }))).toBe(expected);
  });

  it("works: it opens every repository of the namespace", async () => {
    const { call, send } = rig();
    await send("PUT", "/enzi/v0/accounts/team/teams/operators/members/stranger", { body: {} });
    await call("DELETE", `${NAMESPACE}/operators`);
    expect(outcome(await call("GET", "repositories/team/app", { user: "stranger" }))).toBe("404 NO_SUCH_REPOSITORY");
    await call("PUT", `${NAMESPACE}/operators`, { body: { accessLevel: "read-only" } });
    expect(outcome(await call("GET", "repositories/team/app", { user: "stranger" }))).toBe("200");
  });
});

describe("a repository grant", () => {
  it("is set and removed; the answer is the whole list, by the switch something else", async () => {
    const set = (options: Parameters<typeof rig>[0]) =>
      rig(options).call("PUT", `${REPOSITORY}/operators`, { body: { accessLevel: "read-only" } });
    expect(items(await set({}), "teamAccessList").map(({ accessLevel }) => accessLevel)).toEqual(["read-write", "read-only", "read-only"]);
    expect(fields(await set({}))).toMatchObject({ repository: { namespace: "team", name: "app" } });
    expect(items(await set({ repositoryGrantBody: "one" }), "teamAccessList")).toHaveLength(1);
    expect(fields(await set({ repositoryGrantBody: "grant" }))).toEqual({ accessLevel: "read-only", team: expect.anything() });
    expect(await set({ repositoryGrantBody: "empty" })).toEqual({ status: 200 });
  });

  it("cannot be read alone; its list is paged", async () => {
    const { call } = rig();
    expect(outcome(await call("GET", `${REPOSITORY}/readers`))).toBe("405 NOT_ALLOWED");
    const answer = await call("GET", `${REPOSITORY}?pageSize=1`);
    expect(items(answer, "teamAccessList")).toHaveLength(1);
    const rest = await call("GET", `${REPOSITORY}?pageStart=${answer.headers?.["x-next-page-start"]}`);
    expect(items(rest, "teamAccessList")).toHaveLength(1);
  });

  it("is gone after DELETE, twice 204, by the switch the second is 404", async () => {
    for (const [deleteAbsent, second] of [
      ["204", "204"],
      ["404", "404 NO_SUCH_TEAM"],
    ] as const) {
      const { call } = rig({ deleteAbsent });
      expect(outcome(await call("DELETE", `${REPOSITORY}/readers`))).toBe("204");
      expect(outcome(await call("DELETE", `${REPOSITORY}/readers`))).toBe(second);
      expect(outcome(await call("GET", "repositories/team/app", { user: "reader" }))).toBe("404 NO_SUCH_REPOSITORY");
    }
  });

  it.each([
    ["PUT", `${REPOSITORY}/none`, "404 NO_SUCH_TEAM"],
    ["PUT", "repositories/stranger/own/teamAccess/readers", "400 INVALID_PARAMETERS"],
    ["DELETE", "repositories/stranger/own/teamAccess/readers", "400 INVALID_PARAMETERS"],
    ["PUT", "repositories/team/none/teamAccess/readers", "404 NO_SUCH_REPOSITORY"],
  ])("%s %s is %s", async (method, target, expected) => {
    expect(outcome(await rig().call(method, target, { body: { accessLevel: "admin" } }))).toBe(expected);
  });

  it("of a team of another organization is 400", async () => {
    const { call, state } = rig();
    const other = state.addOrganization("other", { teams: { devs: {} } });
    const [id] = other.teams.keys();
    expect(outcome(await call("PUT", `${REPOSITORY}/${id}`, { body: { accessLevel: "admin" } }))).toBe("400 INVALID_PARAMETERS");
  });
});
