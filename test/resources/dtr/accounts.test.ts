import { image, push } from "../../sandbox/images";
import type { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { startWorld, type World } from "./world";

let world: World;
afterEach(() => world.close());
const start = async (type: string, options: Parameters<typeof startWorld>[0] = {}): Promise<OneResource> => {
  world = await startWorld(options);
  return world.one(type);
};
const names = () => [...world.dtr.state.world.accounts.values()].map(({ name }) => name).sort();
const account = (name: string) => [...world.dtr.state.world.accounts.values()].find((one) => one.name === name);
const repositories = () => [...world.dtr.state.world.repositories.keys()].sort();

/** Users and organizations live the same life. */
const kinds = [
  {
    what: "organization",
    type: "dtr:Organization",
    inputs: { name: "team", fullName: "The team" },
    outputs: { reference: expect.stringMatching(/^127\.0\.0\.1:\d+\/team$/) },
    add: (name: string) => world.dtr.state.addOrganization(name),
  },
  {
    what: "user",
    type: "dtr:User",
    inputs: { name: "team", fullName: "The team", password: "first-password" },
    outputs: { isAdmin: false, isActive: true },
    add: (name: string) => world.dtr.state.addUser(name, { password: "their-password" }),
  },
];

describe.each(kinds)("dtr.$what", ({ what, type, inputs, outputs, add }) => {
  it("is made, stays without a request, is read without a write, changes in place, and is gone when destroy returns", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    expect(state).toMatchObject({
      id: "team",
      outputs: { name: "team", fullName: "The team", accountId: account("team")?.id, ...outputs },
    });
    expect(account("team")).toMatchObject({ kind: what, fullName: "The team" });
    expect(world.writes()).toEqual(["POST /enzi/v0/accounts"]);
    world.forget();
    expect((await resource.up(inputs, state)).step).toBe("same");
    expect(world.requests()).toEqual([]);
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
    expect(world.requests()).toEqual(["GET /enzi/v0/accounts/team"]);
    world.forget();
    expect((await resource.up({ ...inputs, fullName: "Another" }, state)).step).toBe("update");
    expect(account("team")).toMatchObject({ fullName: "Another" });
    expect(world.writes()).toEqual(["PATCH /enzi/v0/accounts/team"]);
    await resource.destroy(state);
    expect(account("team")).toBeUndefined();
    world.forget();
    await resource.destroy(state);
    expect(world.writes()).toEqual([]);
  });

  it("is not asked for a full name that is not declared, and sends none", async () => {
    const resource = await start(type);
    const { fullName: _, ...bare } = inputs;
    const state = await declare(resource, bare);
    await world.api("PATCH", "/enzi/v0/accounts/team", { fullName: "By hand" });
    expect((await resource.up(bare, await refreshed(resource, state))).step).toBe("same");
    expect(account("team")).toMatchObject({ fullName: "By hand" });
  });

  it("notices a changed full name and a deletion", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    await world.api("PATCH", "/enzi/v0/accounts/team", { fullName: "By hand" });
    const now = await refreshed(resource, state);
    expect(now.inputs).toMatchObject({ fullName: "By hand" });
    expect((await resource.up(inputs, now)).step).toBe("update");
    expect(account("team")).toMatchObject({ fullName: "The team" });
    await world.api("DELETE", "/enzi/v0/accounts/team");
    expect(await resource.refresh(state)).toBeUndefined();
  });

  it("moves to another name by a replacement", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    expect(await resource.up({ ...inputs, name: "other" }, state)).toMatchObject({ step: "replace", replaces: ["name"] });
    expect(names()).toEqual(["admin", "other"]);
  });

  it("that exists is an error without adopt, and taken over and made as declared with it", async () => {
    const resource = await start(type);
    add("team");
    await expect(resource.up(inputs)).rejects.toThrow("Set adopt: true");
    const { fullName: _, ...bare } = inputs;
    await declare(world.one(type, "another"), { ...bare, adopt: true });
    expect(world.writes()).toEqual([]);
    await declare(resource, { ...inputs, adopt: true });
    expect(account("team")).toMatchObject({ fullName: "The team" });
    world.forget();
    await declare(world.one(type, "third"), { ...inputs, adopt: true });
    await declare(world.one(type, "fourth"), { ...bare, adopt: true });
    expect(world.writes()).toEqual([]);
    expect(account("team")).toMatchObject({ fullName: "The team" });
  });

  it("cannot have the name of the other kind, adopt or not", async () => {
    const resource = await start(type);
    if (what === "user") world.dtr.state.addOrganization("team");
    else world.dtr.state.addUser("team", { password: "their-password" });
    const other = what === "user" ? "an organization" : "a user";
    for (const adopt of [false, true])
      await expect(resource.up({ ...inputs, adopt })).rejects.toThrow(`team is ${other}, and no ${what} can have the same name`);
    expect(await resource.refresh({ id: "team", inputs, outputs: { ...inputs, accountId: "x", schemaVersion: 1 } })).toBeUndefined();
    expect(world.writes()).toEqual([]);
  });

  it.each(["reset-before", "reset-after"] as const)("is made once although the answer is lost: %s", async (fault) => {
    const resource = await start(type);
    world.sandbox.control.inject({ method: "POST", path: "/accounts$", fault });
    const state = await declare(resource, inputs);
    expect(state.outputs.accountId).toBe(account("team")?.id);
    expect(names()).toEqual(["admin", "team"]);
  });

  it("is not destroyed while it owns repositories, and nothing is sent", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    world.dtr.state.addRepository("team/app");
    world.dtr.state.addRepository("team/web");
    world.forget();
    await expect(resource.destroy(state)).rejects.toThrow(
      /team holds 2 repositories \(team\/app, team\/web\) and is not destroyed\. Set forceDelete: true/,
    );
    expect(world.writes()).toEqual([]);
    expect(repositories()).toEqual(["team/app", "team/web"]);
  });

  it("is not destroyed for repositories beyond the first page of the list", async () => {
    const resource = await start(type, { maxPageSize: 1 });
    const state = await declare(resource, inputs);
    for (const name of ["a", "b", "c"]) world.dtr.state.addRepository(`team/${name}`);
    await expect(resource.destroy(state)).rejects.toThrow("holds 3 repositories (team/a, team/b, team/c)");
  });

  it("with forceDelete takes its repositories along, says so, and touches no other namespace", async () => {
    const resource = await start(type, { organizations: { teams: {}, tea: {} }, repositories: { "teams/app": {}, "tea/app": {} } });
    const state = await declare(resource, inputs);
    world.dtr.state.addRepository("team/app");
    push(world.dtr.store, "team/app", "v1", image());
    world.forget();
    const { state: forced, step } = await resource.up({ ...inputs, forceDelete: true }, state);
    expect(step).toBe("update");
    expect(world.requests()).toEqual([]);
    await resource.destroy(forced);
    expect(world.writes()).toEqual(["DELETE /api/v0/accounts/team"]);
    expect(names()).toEqual(["admin", "tea", "teams"]);
    expect(repositories()).toEqual(["tea/app", "teams/app"]);
    expect(resource.lines.join("\n")).toContain(`${what} team: deleted with 1 repository (team/app)`);
  });

  it.each(["", "{}", '{"repositories":3}', "[]", "<html>Log in</html>"])("is not destroyed on a list that is none: %j", async (body) => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    world.dtr.state.addRepository("team/app");
    world.forget();
    world.sandbox.control.inject({ path: "/api/v0/repositories/team$", fault: { kind: "status", status: 200, body }, times: 10 });
    await expect(resource.destroy(state)).rejects.toThrow();
    expect(world.writes()).toEqual([]);
  });

  it.each(["", "not found", "{}", '{"errors":[]}'])(
    "is not destroyed where a 404 of somebody else stands for the list: %j",
    async (body) => {
      const resource = await start(type);
      const state = await declare(resource, inputs);
      world.dtr.state.addRepository("team/app");
      world.forget();
      world.sandbox.control.inject({ path: "/api/v0/repositories/team$", fault: { kind: "status", status: 404, body }, times: 10 });
      await expect(resource.destroy(state)).rejects.toThrow("404");
      expect(world.writes()).toEqual([]);
    },
  );

  it("looks anew when the deletion's answer is lost: what came in between stays", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    world.sandbox.control.inject({ method: "DELETE", fault: "reset-before" });
    world.forget();
    const destroying = resource.destroy(state);
    for (let turn = 0; world.writes().length === 0 && turn < 1_000; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    world.dtr.state.addRepository("team/app");
    await expect(destroying).rejects.toThrow("holds 1 repository (team/app)");
    expect(repositories()).toEqual(["team/app"]);
  });

  it.each(["reset-before", "reset-after"] as const)("is destroyed once although the answer is lost: %s", async (fault) => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    world.sandbox.control.inject({ method: "DELETE", fault });
    world.forget();
    await resource.destroy(state);
    expect(names()).toEqual(["admin"]);
    expect(world.writes()).toHaveLength(fault === "reset-before" ? 2 : 1);
  });

  it("is deleted by the accounts' own call where the registry's is not there, but only when it owns nothing", async () => {
    const resource = await start(type);
    const { state: forced } = await resource.up({ ...inputs, forceDelete: true });
    const repository = world.dtr.state.addRepository("team/app");
    const missing = () =>
      world.sandbox.control.inject({
        method: "DELETE",
        path: "^/api/v0/accounts/",
        fault: { kind: "status", status: 404, body: "404 page not found" },
      });
    missing();
    await expect(resource.destroy(forced)).rejects.toThrow("404");
    expect(repositories()).toEqual(["team/app"]);
    world.dtr.state.world.repositories.delete(`${repository.namespace}/${repository.name}`);
    missing();
    await resource.destroy(forced);
    expect(names()).toEqual(["admin"]);
  });

  it("is refused to whoever may not, and nothing is remembered as begun", async () => {
    const resource = await start(type, { accounts: { dev: { password: "dev-password" } }, organizations: { team2: {} } });
    const dev = world.one(type, "dev", { username: "dev", password: "wrong-password" });
    await expect(dev.up(inputs)).rejects.toThrow(/401/);
    await declare(resource, inputs);
    await expect(dev.up(inputs)).rejects.toThrow();
    expect(world.dtr.state.world.accounts.size).toBe(4);
  });

  it("`.get` reads what there is", async () => {
    const resource = await start(type);
    add("team");
    expect(await resource.get("team")).toMatchObject({ name: "team", accountId: account("team")?.id });
    await expect(resource.get("none")).rejects.toThrow("does not exist");
  });

  it("refuses names that would be another path", async () => {
    const resource = await start(type);
    for (const name of ["", "a/b", ".", "..", "a b", "a?b", "a%2fb"]) {
      expect(await resource.failures({ ...inputs, name })).toMatchObject([{ property: "name" }]);
      await resource.destroy({ id: name, inputs: {}, outputs: { ...inputs, name, schemaVersion: 1 } }).catch(() => undefined);
    }
    expect(world.writes()).toEqual([]);
  });
});

describe("dtr.User", () => {
  const inputs = { name: "jane", password: "first-password" };
  const user = () => {
    const found = account("jane");
    return found?.kind === "user" ? found : undefined;
  };

  it.each([
    { property: "isAdmin", declared: { isAdmin: true }, byHand: { isAdmin: false } },
    { property: "isActive", declared: { isActive: true }, byHand: { isActive: false } },
  ])("notices that $property was changed, and changes it in place", async ({ declared, byHand }) => {
    const resource = await start("dtr:User");
    const state = await declare(resource, { ...inputs, ...declared });
    expect(user()).toMatchObject(declared);
    await world.api("PATCH", "/enzi/v0/accounts/jane", byHand);
    const now = await refreshed(resource, state);
    expect(now.inputs).toMatchObject(byHand);
    expect((await resource.up({ ...inputs, ...declared }, now)).step).toBe("update");
    expect(user()).toMatchObject(declared);
  });

  it("logs in with the password that it was made with; a changed one stops the preview and is not printed", async () => {
    const resource = await start("dtr:User");
    const state = await declare(resource, inputs);
    expect(user()?.password).toBe("first-password");
    world.forget();
    const said = await resource.up({ ...inputs, password: "second-password" }, state).then(
      () => "nothing",
      (error: Error) => error.message,
    );
    expect(said).toMatch(/^password cannot be changed by this program: .*ignoreChanges/);
    expect(said).not.toMatch(/first-password|second-password/);
    expect((await resource.up({ name: "jane" }, state)).step).toBe("update");
    expect(world.requests()).toEqual([]);
  });

  it("keeps the password that it has when it is adopted", async () => {
    const resource = await start("dtr:User", { accounts: { jane: { password: "their-password" } } });
    await declare(resource, { ...inputs, adopt: true });
    expect(user()?.password).toBe("their-password");
    expect(world.writes()).toEqual([]);
  });

  it("shows the password in no error, whatever the server repeats", async () => {
    const resource = await start("dtr:User");
    expect(await resource.failures({ ...inputs, password: "short" })).toEqual([
      { property: "", reason: "password must have at least 8 characters" },
    ]);
    const echo = { errors: [{ code: "INVALID_FORM", message: "the password first-password is not good enough" }] };
    world.sandbox.control.inject({ method: "POST", fault: { kind: "status", status: 400, body: JSON.stringify(echo) } });
    const said = await resource.up(inputs).then(
      () => "nothing",
      (error: Error) => error.message,
    );
    expect(said).toContain("INVALID_FORM");
    expect(said).not.toContain("first-password");
    world.sandbox.control.inject({ method: "POST", fault: "reset-before", times: 20 });
    await expect(resource.up(inputs)).rejects.not.toThrow("first-password");
    expect(resource.lines.join("\n")).not.toContain("first-password");
  });

  it("is neither destroyed nor made inactive where the provider itself logs in as it", async () => {
    const resource = await start("dtr:User");
    const state = await declare(resource, { name: "admin", isAdmin: true, adopt: true });
    world.forget();
    await expect(resource.destroy(state)).rejects.toThrow("admin is the user that the provider itself logs in as, and is not destroyed");
    await expect(resource.up({ name: "admin", isAdmin: true, isActive: false }, state)).rejects.toThrow("is not made inactive");
    expect(world.writes()).toEqual([]);
  });
});
