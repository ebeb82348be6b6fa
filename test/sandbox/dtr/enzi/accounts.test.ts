import type { SandboxResponse } from "../../contract";
import { basic, fields, items, outcome, rig } from "../rig";

const ACCOUNTS = "/enzi/v0/accounts";
const names = (answer: SandboxResponse) => items(answer, "accounts").map(({ name }) => name);

describe("the list of accounts", () => {
  it.each([
    ["", ["admin", "dev", "member", "ops", "owner", "reader", "stranger", "team"]],
    ["&filter=orgs", ["team"]],
    ["&filter=users", ["admin", "dev", "member", "ops", "owner", "reader", "stranger"]],
    ["&filter=admins", ["admin"]],
    ["&filter=non-admins&contains=er", ["member", "owner", "reader", "stranger"]],
    ["&filter=inactive-users", []],
    ["&filter=active-users&order=-name&contains=o", ["owner", "ops"]],
    ["&filter=nonsense&contains=tea", ["team"]],
  ])("with %s is %j", async (query, expected) => {
    expect(names(await rig().send("GET", `${ACCOUNTS}?limit=100${query}`))).toEqual(expected);
  });

  it("is ordered by full names, too, and by nothing else", async () => {
    const { send } = rig({
      accounts: { a: { password: "x", fullName: "Zoe" }, b: { password: "x", fullName: "Amy" } },
      organizations: {},
      repositories: {},
    });
    expect(names(await send("GET", `${ACCOUNTS}?order=fullName`))).toEqual(["admin", "b", "a"]);
    expect(names(await send("GET", `${ACCOUNTS}?order=%2Bname`))).toEqual(["a", "admin", "b"]);
    expect(outcome(await send("GET", `${ACCOUNTS}?order=id`))).toBe("400 INVALID_PARAMETERS");
  });

  it("is paged by start and limit, with the next start in body and header", async () => {
    const { send } = rig();
    const first = await send("GET", `${ACCOUNTS}?limit=5`);
    expect(fields(first)).toMatchObject({ nextPageStart: "reader", usersCount: 7, orgsCount: 1, resourceCount: 8 });
    expect(first.headers).toEqual({ "x-next-page-start": "reader" });
    const second = await send("GET", `${ACCOUNTS}?limit=5&start=reader`);
    expect([names(second), fields(second).nextPageStart, second.headers]).toEqual([["reader", "stranger", "team"], "", {}]);
    expect((await rig({ lastPage: "empty" }).send("GET", ACCOUNTS)).headers).toEqual({ "x-next-page-start": "" });
  });

  it("plays short-page, looped-link and stale-list", async () => {
    const { send } = rig();
    const ask = (fault: "short-page" | "looped-link" | "stale-list") => send("GET", `${ACCOUNTS}?limit=4&start=member`, { fault });
    expect(fields(await ask("short-page"))).toMatchObject({ nextPageStart: "owner" });
    expect(fields(await ask("looped-link"))).toMatchObject({ nextPageStart: "member" });
    expect(fields(await ask("stale-list"))).toMatchObject({ accounts: [], nextPageStart: "" });
  });
});

describe("an account", () => {
  it("of a user is created, read, changed and deleted", async () => {
    const { send, call } = rig();
    const created = await send("POST", ACCOUNTS, { body: { name: "new", isOrg: false, password: "new-password", fullName: "New" } });
    const view = {
      name: "new",
      fullName: "New",
      isOrg: false,
      isAdmin: false,
      isActive: true,
      isImported: false,
      onDemand: false,
      otpEnabled: false,
    };
    expect([created.status, fields(created)]).toEqual([201, { id: expect.any(String), ...view }]);
    expect(outcome(await call("GET", "repositories", { user: "new" }))).toBe("200");
    const { id } = fields(created);
    expect(fields(await send("GET", `${ACCOUNTS}/${id}`))).toMatchObject(view);
    const changed = await send("PATCH", `${ACCOUNTS}/new`, { body: { isActive: false, isAdmin: true } });
    expect(fields(changed)).toMatchObject({ fullName: "New", isActive: false, isAdmin: true });
    expect(outcome(await call("GET", "repositories", { user: "new" }))).toBe("401 NOT_AUTHENTICATED");
    expect(outcome(await send("DELETE", `${ACCOUNTS}/${id}`))).toBe("204");
    for (const method of ["GET", "PATCH", "DELETE"]) {
      expect(outcome(await send(method, `${ACCOUNTS}/new`, { body: {} }))).toBe("404 NO_SUCH_ACCOUNT");
    }
  });

  it("leaves its repositories to administrators by the switch orphans", async () => {
    const { send, call } = rig({ orphans: "left" });
    await send("DELETE", `${ACCOUNTS}/team`);
    expect(outcome(await call("GET", "repositories/team/app"))).toBe("200");
    expect(outcome(await call("GET", "repositories/team/app", { user: "owner" }))).toBe("404 NO_SUCH_REPOSITORY");
  });

  it("of an organization is created by anybody, who owns it then", async () => {
    const { send, call } = rig();
    const created = await send("POST", ACCOUNTS, { user: "dev", body: { name: "mine", isOrg: true } });
    expect(fields(created)).toMatchObject({ name: "mine", isOrg: true, membersCount: 1, teamsCount: 0 });
    expect(fields(created)).not.toHaveProperty("isAdmin");
    expect(outcome(await call("POST", "repositories/mine", { user: "dev", body: { name: "app" } }))).toBe("201");
    expect(fields(await send("PATCH", `${ACCOUNTS}/mine`, { user: "dev", body: { fullName: "Mine" } }))).toMatchObject({
      fullName: "Mine",
    });
    expect(outcome(await send("DELETE", `${ACCOUNTS}/mine`))).toBe("204");
    expect(outcome(await call("GET", "repositories/mine/app"))).toBe("404 NO_SUCH_REPOSITORY");
  });

  it.each([
    ["admin", { name: "team", isOrg: true }, "409 ACCOUNT_EXISTS"],
    ["admin", { name: "dev", password: "long-enough" }, "409 ACCOUNT_EXISTS"],
    ["admin", { name: "new", password: "short" }, "400 INVALID_FORM"],
    ["admin", { name: "", isOrg: true }, "400 INVALID_FORM"],
    ["admin", { name: "New", isOrg: true }, "400 INVALID_FORM"],
    ["owner", { name: "new", password: "long-enough" }, "403 NOT_AUTHORIZED"],
  ])("created by %s as %j is %s", async (user, body, expected) => {
    expect(outcome(await rig().send("POST", ACCOUNTS, { user, body }))).toBe(expected);
  });

  it("is changed by its user and by administrators, rights by these alone", async () => {
    const { send } = rig();
    const patch = async (user: string, body: object) => outcome(await send("PATCH", `${ACCOUNTS}/dev`, { user, body }));
    expect(await patch("dev", { fullName: "Dev" })).toBe("200");
    expect(await patch("dev", { isAdmin: true })).toBe("403 NOT_AUTHORIZED");
    expect(await patch("ops", { fullName: "Ops" })).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await send("DELETE", `${ACCOUNTS}/dev`, { user: "dev" }))).toBe("403 NOT_AUTHORIZED");
  });

  it("needs credentials even to be seen", async () => {
    const { send } = rig();
    expect(outcome(await send("GET", ACCOUNTS, { user: null }))).toBe("401 NOT_AUTHENTICATED");
    expect(outcome(await send("GET", ACCOUNTS, { user: null, headers: { authorization: basic("dev") } }))).toBe("200");
  });
});
