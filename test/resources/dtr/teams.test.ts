import type { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { startWorld, type World } from "./world";

let world: World;
afterEach(() => world.close());
const accounts = { jane: { password: "jane-password" }, joe: { password: "joes-password" } };
const start = async (type: string, options: Parameters<typeof startWorld>[0] = {}): Promise<OneResource> => {
  world = await startWorld({ accounts, organizations: { org: { teams: { ops: {} } }, other: { teams: { devs: {} } } }, ...options });
  return world.one(type);
};
const organization = (name = "org") => {
  const found = [...world.dtr.state.world.accounts.values()].find((one) => one.name === name);
  if (found?.kind !== "organization") throw new Error(`no organization ${name}`);
  return found;
};
const team = (name: string, of = "org") => [...organization(of).teams.values()].find((one) => one.name === name);
const teams = (of = "org") => [...organization(of).teams.values()].map(({ name }) => name).sort();
const idOf = (user: string) => [...world.dtr.state.world.accounts.values()].find(({ name }) => name === user)?.id ?? "";

describe("dtr.Team", () => {
  const TYPE = "dtr:Team";
  const inputs = { organization: "org", name: "devs", description: "Developers" };

  it("is made, stays without a request, is read without a write, and is gone when destroy returns", async () => {
    const resource = await start(TYPE);
    const state = await declare(resource, inputs);
    expect(state).toMatchObject({ id: `org/${team("devs")?.id}`, outputs: { ...inputs, teamId: team("devs")?.id } });
    expect(world.writes()).toEqual(["POST /enzi/v0/accounts/org/teams"]);
    world.forget();
    expect((await resource.up(inputs, state)).step).toBe("same");
    expect(world.requests()).toEqual([]);
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
    expect(world.requests()).toEqual([`GET /enzi/v0/accounts/org/teams/${team("devs")?.id}`]);
    await resource.destroy(state);
    expect(teams()).toEqual(["ops"]);
    await resource.destroy(state);
  });

  it("is renamed in place: id, members and grants stay", async () => {
    const resource = await start(TYPE);
    const state = await declare(resource, inputs);
    const { id } = state;
    await world.api("PUT", "/enzi/v0/accounts/org/teams/devs/members/jane", {});
    world.forget();
    const { state: renamed, step } = await resource.up({ ...inputs, name: "engineers" }, state);
    expect(step).toBe("update");
    expect(renamed).toMatchObject({ id, outputs: { name: "engineers", teamId: state.outputs.teamId } });
    expect(world.writes()).toEqual([`PATCH /enzi/v0/accounts/org/teams/${String(state.outputs.teamId)}`]);
    expect([...(team("engineers")?.members.keys() ?? [])]).toEqual([idOf("jane")]);
    expect((await resource.up({ ...inputs, name: "engineers" }, await refreshed(resource, renamed))).step).toBe("same");
  });

  it("moves to another organization by a replacement", async () => {
    const resource = await start(TYPE, { organizations: { org: {}, other: {} } });
    const state = await declare(resource, inputs);
    expect(await resource.up({ ...inputs, organization: "other" }, state)).toMatchObject({ step: "replace", replaces: ["organization"] });
    expect([teams(), teams("other")]).toEqual([[], ["devs"]]);
  });

  it.each([
    { property: "name", byHand: { name: "engineers" } },
    { property: "description", byHand: { description: "By hand" } },
  ])("notices a changed $property and changes it back", async ({ byHand }) => {
    const resource = await start(TYPE);
    const state = await declare(resource, inputs);
    await world.api("PATCH", `/enzi/v0/accounts/org/teams/${String(state.outputs.teamId)}`, byHand);
    const now = await refreshed(resource, state);
    expect(now.inputs).toMatchObject(byHand);
    expect((await resource.up(inputs, now)).step).toBe("update");
    expect(team("devs")).toMatchObject({ name: "devs", description: "Developers" });
  });

  it("is not asked for a description that is not declared", async () => {
    const resource = await start(TYPE);
    const bare = { organization: "org", name: "devs" };
    const state = await declare(resource, bare);
    await world.api("PATCH", "/enzi/v0/accounts/org/teams/devs", { description: "By hand" });
    expect((await resource.up(bare, await refreshed(resource, state))).step).toBe("same");
    await resource.up({ ...bare, name: "engineers" }, state);
    expect(team("engineers")).toMatchObject({ description: "By hand" });
  });

  it("that was deleted and made anew by somebody is another team: it is gone, and destroy does not touch theirs", async () => {
    const resource = await start(TYPE);
    const state = await declare(resource, inputs);
    await world.api("DELETE", "/enzi/v0/accounts/org/teams/devs");
    await world.api("POST", "/enzi/v0/accounts/org/teams", { name: "devs" });
    expect(await resource.refresh(state)).toBeUndefined();
    await resource.destroy(state);
    expect(teams()).toEqual(["devs", "ops"]);
  });

  it("that exists is an error without adopt, and taken over with it", async () => {
    const resource = await start(TYPE);
    await expect(resource.up({ organization: "org", name: "ops" })).rejects.toThrow("Set adopt: true");
    expect(world.writes()).toEqual([]);
    const state = await declare(resource, { organization: "org", name: "ops", adopt: true });
    expect(state.id).toBe(`org/${team("ops")?.id}`);
    expect(world.writes()).toEqual([]);
    await declare(world.one(TYPE, "another"), { ...inputs, name: "ops", adopt: true });
    expect(team("ops")).toMatchObject({ description: "Developers" });
  });

  it.each(["reset-before", "reset-after"] as const)("is made once although the answer is lost: %s", async (fault) => {
    const resource = await start(TYPE);
    world.sandbox.control.inject({ method: "POST", path: "/teams$", fault });
    const state = await declare(resource, inputs);
    expect(state.outputs.teamId).toBe(team("devs")?.id);
    expect(teams()).toEqual(["devs", "ops"]);
  });

  it("`.get` reads by id; a name in its place is refused with the id, because it may change", async () => {
    const resource = await start(TYPE);
    const id = `org/${team("ops")?.id}`;
    expect(await resource.get(id)).toMatchObject({ organization: "org", name: "ops", teamId: team("ops")?.id });
    await expect(resource.get("org/ops")).rejects.toThrow(`use the id ${id}`);
    await expect(resource.get("org")).rejects.toThrow('"org" is no id of dtr:Team: it must be organization/teamId');
    await expect(resource.get("org/none")).rejects.toThrow("does not exist");
  });

  describe("with LDAP", () => {
    const group = { enabled: true, selectGroupMembers: true, groupDn: "cn=devs,dc=example", groupMemberAttribute: "member" };
    const search = { enabled: true, searchBaseDn: "dc=example", searchScopeSubtree: true, searchFilter: "(team=devs)" };
    const sync = () => team("devs")?.memberSync;

    it("is set at creation, read without a write, changed in place, and turned off", async () => {
      const resource = await start(TYPE);
      const state = await declare(resource, { ...inputs, ldapSync: group });
      expect(sync()).toEqual({
        enableSync: true,
        selectGroupMembers: true,
        groupDN: "cn=devs,dc=example",
        groupMemberAttr: "member",
        searchBaseDN: "",
        searchScopeSubtree: false,
        searchFilter: "",
      });
      world.forget();
      const now = await refreshed(resource, state);
      expect((await resource.up({ ...inputs, ldapSync: group }, now)).step).toBe("same");
      expect(world.writes()).toEqual([]);
      const { state: searching, step } = await resource.up({ ...inputs, ldapSync: search }, now);
      expect(step).toBe("update");
      expect(sync()).toMatchObject({ selectGroupMembers: false, searchBaseDN: "dc=example", searchFilter: "(team=devs)", groupDN: "" });
      expect(world.writes()).toEqual([`PUT /enzi/v0/accounts/org/teams/${String(state.outputs.teamId)}/memberSyncConfig`]);
      await resource.up({ ...inputs, ldapSync: { enabled: false } }, searching);
      expect(sync()).toMatchObject({ enableSync: false, searchBaseDN: "dc=example", searchFilter: "(team=devs)" });
    });

    it.each([
      { what: "enabled", byHand: { enableSync: false }, drifts: true },
      { what: "groupDn", byHand: { groupDN: "cn=others" }, drifts: true },
      { what: "groupMemberAttribute", byHand: { groupMemberAttr: "uid" }, drifts: true },
      { what: "selectGroupMembers", byHand: { selectGroupMembers: false }, drifts: true },
      { what: "a filter that the server ignores", byHand: { searchFilter: "(x=y)" }, drifts: false },
    ])("notices what has an effect: $what", async ({ byHand, drifts }) => {
      const resource = await start(TYPE);
      const declared = { ...inputs, ldapSync: group };
      const state = await declare(resource, declared);
      await world.api("PUT", "/enzi/v0/accounts/org/teams/devs/memberSyncConfig", { ...sync(), ...byHand });
      const now = await refreshed(resource, state);
      expect((await resource.up(declared, now)).step).toBe(drifts ? "update" : "same");
      if (drifts) expect((await resource.up(declared, await refreshed(resource, state))).step).toBe("same");
    });

    it("is not looked at where it is not declared, and stays where it no longer is", async () => {
      const resource = await start(TYPE);
      const state = await declare(resource, { ...inputs, ldapSync: group });
      world.forget();
      const { state: undeclared } = await resource.up(inputs, state);
      expect(world.requests()).toEqual([]);
      await resource.refresh(undeclared);
      expect(world.requests()).toHaveLength(1);
      expect(sync()).toMatchObject({ enableSync: true });
    });

    it.each([
      { ldapSync: { enabled: true }, reason: "needs searchBaseDn, or selectGroupMembers: true with a group" },
      { ldapSync: { ...group, groupDn: "" }, reason: "needs groupDn, because selectGroupMembers is true" },
      {
        ldapSync: { enabled: true, selectGroupMembers: true, searchBaseDn: "dc=example" },
        reason: "needs groupDn and groupMemberAttribute, because selectGroupMembers is true",
      },
    ])("is refused without its place before anything is sent: %j", async ({ ldapSync, reason }) => {
      const resource = await start(TYPE);
      expect(await resource.failures({ ...inputs, ldapSync })).toEqual([{ property: "ldapSync", reason }]);
      expect(world.requests()).toEqual([]);
    });

    it.each([404, 403])(
      "a server that answers %i for one that nobody declares does not keep the team from being adopted",
      async (status) => {
        const resource = await start(TYPE);
        const body = JSON.stringify({ errors: [{ code: status === 404 ? "NO_SUCH_CONFIG" : "NOT_AUTHORIZED" }] });
        const fault = { kind: "status", status, body } as const;
        world.sandbox.control.inject({ method: "GET", path: "/memberSyncConfig$", times: 100, fault });
        const adopted = await declare(resource, { organization: "org", name: "ops", adopt: true });
        expect(adopted.outputs).not.toHaveProperty("ldapSync");
        const declared = resource.up({ organization: "org", name: "ops", ldapSync: group, adopt: true });
        if (status === 403) await expect(declared).rejects.toThrow("403");
        else expect((await declared).step).toBe("create");
        expect(team("ops")?.memberSync?.enableSync ?? false).toBe(status === 404);
      },
    );

    it("keeps the team in the state where it could not be set, and sets it at the next `up`", async () => {
      const resource = await start(TYPE);
      const declared = { ...inputs, ldapSync: group };
      world.sandbox.control.inject({ method: "PUT", path: "/memberSyncConfig$", fault: { kind: "status", status: 403 } });
      const state = await declare(resource, declared);
      expect(state.reasons?.join()).toMatch(/the team exists, but its LDAP configuration could not be set: .*403/);
      expect(state.id).toBe(`org/${team("devs")?.id}`);
      const { state: whole } = await resource.up(declared, state);
      expect(whole.reasons).toBeUndefined();
      expect(sync()).toMatchObject({ enableSync: true });
      expect(teams()).toEqual(["devs", "ops"]);
    });
  });
});

const memberships = [
  {
    type: "dtr:TeamMember",
    inputs: { organization: "org", team: "ops", user: "jane" },
    id: "org/ops/jane",
    path: "/enzi/v0/accounts/org/teams/ops/members/jane",
    of: () => team("ops")?.members,
  },
  {
    type: "dtr:OrganizationMember",
    inputs: { organization: "org", user: "jane" },
    id: "org/jane",
    path: "/enzi/v0/accounts/org/members/jane",
    of: () => organization().members,
  },
];

describe.each(memberships)("$type", ({ type, inputs, id, path, of }) => {
  const membership = () => of()?.get(idOf("jane"));

  it("is made, stays without a request, is read without a write, changes in place, and is gone when destroy returns", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    expect(state).toMatchObject({ id, outputs: { ...inputs, isAdmin: false } });
    expect(membership()).toMatchObject({ isAdmin: false });
    expect(world.writes()).toHaveLength(1);
    world.forget();
    expect((await resource.up(inputs, state)).step).toBe("same");
    expect(world.requests()).toEqual([]);
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
    expect(world.writes()).toEqual([]);
    const { step } = await resource.up({ ...inputs, isAdmin: true }, state);
    expect(step).toBe("update");
    expect(membership()).toMatchObject({ isAdmin: true });
    await resource.destroy(state);
    expect(membership()).toBeUndefined();
    await resource.destroy(state);
  });

  it("notices that isAdmin was changed and that it was deleted", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    await world.api("PUT", path, { isAdmin: true });
    const now = await refreshed(resource, state);
    expect(now.inputs).toMatchObject({ isAdmin: true });
    expect((await resource.up(inputs, now)).step).toBe("update");
    expect(membership()).toMatchObject({ isAdmin: false });
    await world.api("DELETE", path);
    expect(await resource.refresh(state)).toBeUndefined();
  });

  it.each([
    { gone: "the user", deletes: "/enzi/v0/accounts/jane" },
    { gone: "the organization", deletes: "/enzi/v0/accounts/org" },
  ])("is gone with $gone, and destroy succeeds", async ({ deletes }) => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    await world.api("DELETE", deletes);
    expect(await world.one(type, "anew").refresh(state)).toBeUndefined();
    await resource.destroy(state);
  });

  it("that exists is an error without adopt, and taken over with it", async () => {
    const resource = await start(type);
    await world.api("PUT", path, { isAdmin: true });
    await expect(resource.up(inputs)).rejects.toThrow("Set adopt: true");
    expect(world.writes()).toEqual([]);
    const state = await declare(resource, { ...inputs, isAdmin: true, adopt: true });
    expect(world.writes()).toEqual([]);
    expect(state.id).toBe(id);
    await declare(world.one(type, "another"), { ...inputs, adopt: true });
    expect(membership()).toMatchObject({ isAdmin: false });
  });

  it.each(["reset-before", "reset-after"] as const)("is made although the answer is lost: %s", async (fault) => {
    const resource = await start(type);
    world.sandbox.control.inject({ method: "PUT", fault });
    await declare(resource, inputs);
    expect(membership()).toMatchObject({ isAdmin: false });
  });

  it("moves to another user by a replacement, and `.get` reads it", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    expect((await resource.up({ ...inputs, user: "joe" }, state)).step).toBe("replace");
    expect(membership()).toBeUndefined();
    expect(of()?.has(idOf("joe"))).toBe(true);
    expect(await resource.get(id.replace("jane", "joe"))).toMatchObject({ ...inputs, user: "joe", isAdmin: false });
    await expect(resource.get(id)).rejects.toThrow("does not exist");
  });
});

describe("dtr.OrganizationMember", () => {
  it("manages isPublic where it is declared, and else leaves it alone", async () => {
    const resource = await start("dtr:OrganizationMember");
    const inputs = { organization: "org", user: "jane" };
    const state = await declare(resource, inputs);
    await world.api("PUT", "/enzi/v0/accounts/org/members/jane", { isPublic: true });
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
    await resource.up({ ...inputs, isAdmin: true }, state);
    expect(organization().members.get(idOf("jane"))).toEqual({ isAdmin: true, isPublic: true });
    const { state: declared } = await resource.up({ ...inputs, isPublic: false }, state);
    expect(organization().members.get(idOf("jane"))).toEqual({ isAdmin: false, isPublic: false });
    await world.api("PUT", "/enzi/v0/accounts/org/members/jane", { isPublic: true });
    expect((await refreshed(resource, declared)).inputs).toMatchObject({ isPublic: true });
  });
});
