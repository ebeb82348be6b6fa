import { image, push } from "../images";
import { fields, items, outcome, rig } from "./rig";

describe("deleting an account", () => {
  it.each([
    ["2.6", "version", "200"],
    ["2.7", "version", "204"],
    ["2.6", "204", "204"],
    ["2.7", "200", "200"],
  ] as const)("in %s (switch %s) is %s, with all its repositories", async (version, accountDeleted, expected) => {
    const { call, state, store } = rig({ version, accountDeleted });
    push(store, "team/app", "v1", image());
    expect(outcome(await call("DELETE", "accounts/team"))).toBe(expected);
    expect([...state.world.repositories.keys()]).toEqual(["stranger/own"]);
    expect(store.repositories()).toEqual([]);
    expect(outcome(await call("DELETE", "accounts/team"))).toBe("204");
    expect(outcome(await call("GET", "repositories/team"))).toBe("404 NO_SUCH_ACCOUNT");
  });

  it("is 404 for nobody by the switch deleteAbsent, and 405 while something is signed", async () => {
    const { call, state, store } = rig({ deleteAbsent: "404" });
    expect(outcome(await call("DELETE", "accounts/none"))).toBe("404 NO_SUCH_ACCOUNT");
    push(store, "team/app", "v1", image());
    state.sign("team/app", "v1");
    expect(outcome(await call("DELETE", "accounts/team"))).toBe("405 REPOSITORY_CONTAINS_TAGS_IN_NOTARY");
    expect(state.world.repositories.size).toBe(3);
  });

  it("of a user takes his memberships and tokens", async () => {
    const { call, state, send } = rig();
    state.addToken("dev");
    await call("DELETE", "accounts/dev");
    expect(state.tokens.size).toBe(0);
    expect(items(await send("GET", "/enzi/v0/accounts/team/teams/developers/members"), "members")).toEqual([]);
  });
});

describe("deleting all repositories of an account", () => {
  it("leaves the account", async () => {
    const { call, state } = rig();
    expect(outcome(await call("DELETE", "accounts/team/repositories", { user: "dev" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await call("DELETE", "accounts/team/repositories", { user: "owner" }))).toBe("204");
    expect([...state.world.repositories.keys()]).toEqual(["stranger/own"]);
    expect(outcome(await call("GET", "repositories/team"))).toBe("200");
  });

  it("is not there by the switch deprecated", async () => {
    expect(outcome(await rig({ deprecated: "gone" }).call("DELETE", "accounts/team/repositories"))).toBe("405 NOT_ALLOWED");
  });
});

describe("access", () => {
  it("of a team lists the repositories with grants of their own", async () => {
    const { call } = rig();
    const answer = await call("GET", "accounts/team/teams/developers/repositoryAccess", { user: "dev" });
    expect(fields(answer)).toMatchObject({
      team: { clientUserIsMember: true },
      repositoryAccessList: [{ accessLevel: "read-write", repository: { name: "app" } }],
    });
    expect(items(await call("GET", "accounts/team/teams/operators/repositoryAccess"), "repositoryAccessList")).toEqual([]);
    expect(outcome(await call("GET", "accounts/team/teams/none/repositoryAccess"))).toBe("404 NO_SUCH_TEAM");
    expect(outcome(await call("GET", "accounts/stranger/teams/none/repositoryAccess"))).toBe("400 INVALID_PARAMETERS");
    expect(outcome(await call("GET", "accounts/team/teams/developers/repositoryAccess", { user: "stranger" }))).toBe("403 NOT_AUTHORIZED");
  });

  it.each([
    ["admin", "admin"],
    ["owner", "admin"],
    ["ops", "admin"],
    ["dev", "read-write"],
    ["reader", "read-only"],
  ])("of %s is %s, as he and who administers the repository may ask", async (user, accessLevel) => {
    const { call } = rig();
    const path = `accounts/${user}/repositoryAccess/team/app`;
    for (const asks of [user, "ops"]) {
      expect(fields(await call("GET", path, { user: asks }))).toMatchObject({
        accessLevel,
        user: { name: user, isOrg: false },
        repository: { name: "app" },
      });
    }
    expect(outcome(await call("GET", path, { user: "stranger" }))).toBe("404 NO_SUCH_REPOSITORY");
  });

  it.each([
    ["accounts/stranger/repositoryAccess/team/app", "404 NO_SUCH_REPOSITORY"],
    ["accounts/dev/repositoryAccess/team/none", "404 NO_SUCH_REPOSITORY"],
    ["accounts/nobody/repositoryAccess/team/app", "404 NO_SUCH_USER"],
    ["accounts/team/repositoryAccess/team/app", "404 NO_SUCH_USER"],
  ])("%s is %s", async (path, expected) => {
    expect(outcome(await rig().call("GET", path))).toBe(expected);
  });
});

describe("settings of a user", () => {
  it("are his content cache, sent and answered with different keys", async () => {
    const { call } = rig();
    const cache = fields(await call("POST", "content_caches", { body: { name: "eu", host: "https://cache.example" } }));
    expect(await call("PATCH", "accounts/dev/settings", { user: "dev", body: { contentCacheUUID: cache.id } })).toEqual({ status: 200 });
    expect(fields(await call("GET", "accounts/dev/settings"))).toEqual({ ContentCacheUUID: cache.id });
    await call("PATCH", "accounts/dev/settings", { body: {} });
    expect(fields(await call("GET", "accounts/dev/settings"))).toEqual({ ContentCacheUUID: cache.id });
    await call("PATCH", "accounts/dev/settings", { body: { contentCacheUUID: "" } });
    expect(fields(await call("GET", "accounts/dev/settings"))).toEqual({ ContentCacheUUID: "" });
  });

  it("refuse a cache that there is not, other people, and nobody", async () => {
    const { call } = rig();
    expect(outcome(await call("PATCH", "accounts/dev/settings", { body: { contentCacheUUID: "none" } }))).toBe("400 INVALID_USER_SETTINGS");
    expect(outcome(await call("GET", "accounts/dev/settings", { user: "ops" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await call("GET", "accounts/nobody/settings"))).toBe("404 NO_SUCH_USER");
  });

  it("know a language", async () => {
    expect(fields(await rig().call("GET", "accounts/language", { user: "dev" }))).toEqual({ language: "en" });
  });
});
