import type { Raw } from "../../../provider/resources/declaration";
import type { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { oneProcess } from "./one-process";
import { startWorld, type World } from "./world";

let world: World;
afterEach(() => world.close());
const start = async (type: string, options: Parameters<typeof startWorld>[0] = {}): Promise<OneResource> => {
  world = await startWorld({
    organizations: { org: { teams: { devs: {}, ops: {} } }, other: { teams: { devs: {} } } },
    repositories: { "org/app": {}, "org/web": {} },
    ...options,
  });
  return world.one(type);
};
const organization = () => {
  const found = [...world.dtr.state.world.accounts.values()].find(({ name }) => name === "org");
  if (found?.kind !== "organization") throw new Error("no organization");
  return found;
};
const idOf = (team: string) => [...organization().teams.values()].find(({ name }) => name === team)?.id ?? "";
const rename = (team: string, name: string) => world.api("PATCH", `/enzi/v0/accounts/org/teams/${team}`, { name });

const kinds = [
  {
    type: "dtr:RepositoryTeamAccess",
    inputs: { namespace: "org", repository: "app", team: "devs", accessLevel: "read-write" },
    id: "org/app/devs",
    path: "/api/v0/repositories/org/app/teamAccess",
    grants: () => world.dtr.state.repository("org/app").grants,
  },
  {
    type: "dtr:NamespaceTeamAccess",
    inputs: { namespace: "org", team: "devs", accessLevel: "read-write" },
    id: "org/devs",
    path: "/api/v0/repositoryNamespaces/org/teamAccess",
    grants: () => organization().grants,
  },
];

describe.each(kinds)("$type", ({ type, inputs, id, path, grants }) => {
  const level = (team = "devs") => grants().get(idOf(team));

  it("is made, stays without a request, is read without a write, changes in place, and is gone when destroy returns", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    expect(state).toMatchObject({ id, outputs: { ...inputs, teamId: idOf("devs") } });
    expect(level()).toBe("read-write");
    expect(world.writes()).toEqual([`PUT ${path}/devs`]);
    world.forget();
    expect((await resource.up(inputs, state)).step).toBe("same");
    expect(world.requests()).toEqual([]);
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
    expect(world.writes()).toEqual([]);
    expect((await resource.up({ ...inputs, accessLevel: "admin" }, state)).step).toBe("update");
    expect(level()).toBe("admin");
    await resource.destroy(state);
    expect(grants().size).toBe(0);
    await resource.destroy(state);
  });

  it("notices a changed level and a missing grant", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    await world.api("PUT", `${path}/devs`, { accessLevel: "admin" });
    const now = await refreshed(resource, state);
    expect(now.inputs).toMatchObject({ accessLevel: "admin" });
    expect((await resource.up(inputs, now)).step).toBe("update");
    expect(level()).toBe("read-write");
    await world.api("DELETE", `${path}/devs`);
    expect(await resource.refresh(state)).toBeUndefined();
  });

  it("is not mixed up with the grant of another team", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    await world.api("PUT", `${path}/ops`, { accessLevel: "read-only" });
    await world.api("DELETE", `${path}/devs`);
    expect(await resource.refresh(state)).toBeUndefined();
    await resource.destroy(state);
    expect(level("ops")).toBe("read-only");
  });

  it("that exists is an error without adopt, and taken over with it", async () => {
    const resource = await start(type);
    await world.api("PUT", `${path}/devs`, { accessLevel: "admin" });
    await expect(resource.up(inputs)).rejects.toThrow("Set adopt: true");
    expect(world.writes()).toEqual([]);
    expect(level()).toBe("admin");
    await declare(resource, { ...inputs, adopt: true });
    expect(level()).toBe("read-write");
  });

  it("for a team that is not there says so, and sends nothing", async () => {
    const resource = await start(type);
    await expect(resource.up({ ...inputs, team: "nobody" })).rejects.toThrow("there is no team nobody in org");
    await expect(resource.up({ ...inputs, team: idOf("devs") })).rejects.toThrow("there is no team");
    expect(world.writes()).toEqual([]);
  });

  it("moves to another team by a replacement", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    expect(await resource.up({ ...inputs, team: "ops" }, state)).toMatchObject({ step: "replace", replaces: ["team"] });
    expect([...grants()]).toEqual([[idOf("ops"), "read-write"]]);
  });

  it.each(["reset-before", "reset-after"] as const)("is made although the answer is lost: %s", async (fault) => {
    const resource = await start(type);
    world.sandbox.control.inject({ method: "PUT", fault });
    await declare(resource, inputs);
    expect(level()).toBe("read-write");
  });

  it("`.get` reads what there is", async () => {
    const resource = await start(type);
    await world.api("PUT", `${path}/devs`, { accessLevel: "admin" });
    expect(await resource.get(id)).toMatchObject({ ...inputs, accessLevel: "admin", teamId: idOf("devs") });
    await expect(resource.get(id.replace("devs", "ops"))).rejects.toThrow("does not exist");
    await expect(resource.get("org")).rejects.toThrow("is no id of");
  });

  it.each([
    { gone: "the team", deletes: "/enzi/v0/accounts/org/teams/devs" },
    { gone: "the organization", deletes: "/enzi/v0/accounts/org" },
  ])("is gone with $gone, and destroy succeeds", async ({ deletes }) => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    await world.api("DELETE", deletes);
    expect(await world.one(type, "anew").refresh(state)).toBeUndefined();
    await resource.destroy(state);
  });

  describe("of a team that was renamed", () => {
    it("by the program moves along: the team has its access afterwards, once", async () => {
      const resource = await start(type);
      const state = await declare(resource, inputs);
      await rename("devs", "engineers");
      const { state: moved } = await world.one(type).up({ ...inputs, team: "engineers" }, state);
      expect([...grants()]).toEqual([[idOf("engineers"), "read-write"]]);
      expect(moved).toMatchObject({ id: id.replace("devs", "engineers"), outputs: { teamId: state.outputs.teamId } });
    });

    it("by hand is noticed, and not taken for gone", async () => {
      const resource = await start(type);
      const state = await declare(resource, inputs);
      await rename("devs", "engineers");
      expect((await refreshed(world.one(type), state)).inputs).toMatchObject({ team: "engineers", accessLevel: "read-write" });
    });

    it("is not changed under a name that is another team's by now, or nobody's", async () => {
      const resource = await start(type);
      const state = await declare(resource, inputs);
      await rename("devs", "engineers");
      const changed = (name: string) => world.one(type, name).up({ ...inputs, accessLevel: "admin" }, state);
      world.forget();
      await expect(changed("first")).rejects.toThrow("the team devs of org is called engineers now, and nothing was changed");
      await world.api("POST", "/enzi/v0/accounts/org/teams", { name: "devs" });
      await expect(changed("second")).rejects.toThrow("run `pulumi refresh`");
      await world.api("DELETE", "/enzi/v0/accounts/org/teams/engineers");
      await expect(changed("third")).rejects.toThrow("the team devs of org is gone");
      expect(world.writes()).toEqual([]);
      expect(grants().has(idOf("devs"))).toBe(false);
    });

    it("is destroyed under its present name, and not the grant of a new team with the old one", async () => {
      const resource = await start(type);
      const state = await declare(resource, inputs);
      await rename("devs", "engineers");
      await world.api("POST", "/enzi/v0/accounts/org/teams", { name: "devs" });
      await world.api("PUT", `${path}/devs`, { accessLevel: "admin" });
      await world.one(type).destroy(state);
      expect([...grants()]).toEqual([[idOf("devs"), "admin"]]);
    });
  });

  it.each([
    { repositoryGrantBody: "empty" },
    { repositoryGrantBody: "grant" },
    { emptyLists: "null" },
    { deleteAbsent: "404" },
    { errors: "bare" },
    { version: "2.7" },
    { maxPageSize: 1 },
  ] as const)("lives in every reading of the vendor's texts: %j", async (reading) => {
    const resource = await start(type, reading);
    await world.api("PUT", `${path}/ops`, { accessLevel: "read-only" });
    const state = await declare(resource, inputs);
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
    await resource.destroy(state);
    expect(await resource.refresh(state)).toBeUndefined();
    await resource.destroy(state);
    expect(level("ops")).toBe("read-only");
  });
});

describe("a stack of repositories with grants of two teams", () => {
  const settings = { visibility: "private", grants: { devs: "read-write", ops: "read-only" } } as const;

  /** Requests that a refresh of so many repositories, each with two grants, takes in one process. */
  async function requestsFor(count: number): Promise<number> {
    const names = Array.from({ length: count }, (_, index) => `app${index}`);
    await start("dtr:Repository", { repositories: Object.fromEntries(names.map((name) => [`org/${name}`, settings])) });
    const stack = oneProcess(world);
    const objects = names.flatMap((repository) => [
      {
        type: "dtr:Repository",
        id: `org/${repository}`,
        outputs: { namespace: "org", name: repository, visibility: "private", repositoryId: "x" },
      },
      ...Object.entries(settings.grants).map(([team, accessLevel]) => ({
        type: "dtr:RepositoryTeamAccess",
        id: `org/${repository}/${team}`,
        outputs: { namespace: "org", repository, team, accessLevel, teamId: idOf(team) },
      })),
    ]);
    await Promise.all(
      objects.map(async ({ type, id, outputs: { repositoryId: _, ...outputs } }: { type: string; id: string; outputs: Raw }) => {
        expect(await stack.refresh(type, id, { ...outputs, schemaVersion: 1 })).toMatchObject(outputs);
      }),
    );
    expect(world.writes()).toEqual([]);
    stack.close();
    return world.requests().length;
  }

  it("takes three requests a repository and one a team, however many there are", async () => {
    expect(await requestsFor(5)).toBe(3 * 5 + 2);
    await world.close();
    expect(await requestsFor(40)).toBe(3 * 40 + 2);
  });
});

describe("a program that renames a team and grants it something in one run", () => {
  it("finds the team under its new name", async () => {
    await start("dtr:Team");
    const stack = oneProcess(world);
    await stack.create("dtr:NamespaceTeamAccess", { namespace: "org", team: "devs", accessLevel: "admin" });
    await expect(stack.create("dtr:NamespaceTeamAccess", { namespace: "org", team: "new", accessLevel: "admin" })).rejects.toThrow(
      "no team new",
    );
    await stack.create("dtr:Team", { organization: "org", name: "new" });
    await stack.create("dtr:NamespaceTeamAccess", { namespace: "org", team: "new", accessLevel: "admin" });
    expect(organization().grants.get(idOf("new"))).toBe("admin");
    stack.close();
  });
});
