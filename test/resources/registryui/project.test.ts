import * as fc from "fast-check";
import { startServer } from "../../registries/selectel/scripted-server";
import { image, push } from "../../sandbox/images";
import { OneResource, type State } from "../engine";
import { startWorld, type World } from "./world";

const TYPE = "registryui:Project";
let world: World;
const start = async (...given: Parameters<typeof startWorld>) => {
  world = await startWorld(...given);
  return world.one(TYPE);
};
afterEach(() => world.close());

const projects = () => [...world.registryui.state.projects.keys()].sort();
const stored = () =>
  world.registryui.store
    .repositories()
    .map(({ name }) => name)
    .sort();
const pushTo = (path: string, tag = "v1") => push(world.registryui.store, path, tag, image({ labels: { path, tag } }));
const declare = async (resource: OneResource, inputs: object): Promise<State> => (await resource.up(inputs)).state;

describe("registryui.Project", () => {
  it("is made with title and visibility, stays without a request, is read without a write, and is gone when destroy returns", async () => {
    const resource = await start();
    const inputs = { repository: "team/app", title: "Our app", isPublic: true };
    const { state } = await resource.up(inputs);
    expect(state).toMatchObject({
      id: "team/app",
      outputs: {
        ...inputs,
        forceDelete: false,
        name: "app",
        reference: `${new URL(world.url).host}/team/app`,
        createdAt: expect.stringMatching(/^2026-03-01T12:00:00(\.\d+)?Z$/),
      },
    });
    expect(world.registryui.state.projects.get("team/app")).toMatchObject({ title: "Our app", isPublic: true });
    expect(world.writes()).toEqual(["POST /udr/v1api/project/create?repository=team%2Fapp&title=Our%20app&isPublic=true"]);
    world.forget();
    expect((await resource.up(inputs, state)).step).toBe("same");
    expect(world.requests()).toEqual([]);
    expect(await resource.refresh(state)).toMatchObject({ id: "team/app", inputs: { ...inputs } });
    expect(world.writes()).toEqual([]);
    await resource.destroy(state);
    expect(projects()).toEqual([]);
    expect(world.writes()).toEqual(["DELETE /udr/v1api/folder?path=team%2Fapp"]);
    await resource.destroy(state);
    expect(world.writes()).toHaveLength(1);
  });

  it("moves to another path by a new project and the end of the old one", async () => {
    const resource = await start();
    const state = await declare(resource, { repository: "team/app" });
    expect(await resource.up({ repository: "team/other", title: "Another" }, state)).toMatchObject({ step: "replace" });
    expect(projects()).toEqual(["team/other"]);
  });

  it("`.get` reads what there is", async () => {
    const resource = await start({ projects: { "team/app": { title: "Somebody's", isPublic: true } } });
    expect(await resource.get("team/app")).toMatchObject({ repository: "team/app", title: "Somebody's", isPublic: true, name: "app" });
    await expect(resource.get("team/none")).rejects.toThrow("does not exist");
  });
});

describe("a changed title or visibility", () => {
  const changes = [
    { property: "title", changed: { title: "New" }, was: '"Old"' },
    { property: "isPublic", changed: { isPublic: true }, was: "false" },
  ];
  const inputs = { repository: "team/app", title: "Old" };

  it.each(changes)("stops the preview: $property", async ({ property, changed, was }) => {
    const resource = await start();
    const state = await declare(resource, inputs);
    world.forget();
    const said = await resource.up({ ...inputs, ...changed }, state).then(
      () => "nothing",
      (error: Error) => error.message,
    );
    expect(said).toContain(`${property} cannot be changed by this program: it is ${was} on the server`);
    expect(said).toMatch(/Change it on the website \(Registry > Repositories, edit the project\) and run `pulumi refresh`/);
    expect(world.requests()).toEqual([]);
  });

  it.each(changes)("that was made on the website is taken over by refresh: $property", async ({ changed }) => {
    const resource = await start();
    const state = await declare(resource, inputs);
    world.registryui.state.addProject("team/app", { title: "Old", ...changed });
    const refreshed = await resource.refresh(state);
    expect(refreshed?.inputs).toMatchObject(changed);
    expect((await resource.up({ ...inputs, ...changed }, refreshed)).step).toBe("same");
    world.forget();
    await expect(resource.up(inputs, refreshed)).rejects.toThrow("cannot be changed by this program");
    expect(world.writes()).toEqual([]);
  });

  it("is an error at `up` too where the state had missed it, and nothing is sent", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    world.registryui.state.addProject("team/app", { title: "New" });
    const refreshed = await resource.refresh(state);
    if (!refreshed) throw new Error("it is gone");
    // As with an SDK that does not take inputs from `read`.
    const half = { ...refreshed, inputs: state.inputs };
    await expect(resource.up(inputs, half)).rejects.toThrow('title cannot be changed by this program: it is "New" on the server');
    expect(projects()).toEqual(["team/app"]);
  });

  it("is no change where the title is no longer declared, whatever it is on the server", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    world.registryui.state.addProject("team/app", { title: "New" });
    world.forget();
    const { step, state: undeclared } = await resource.up({ repository: "team/app" }, state);
    expect(step).toBe("update");
    expect(world.writes()).toEqual([]);
    expect((await resource.up({ repository: "team/app" }, await resource.refresh(undeclared))).step).toBe("same");
  });

  it("beside another path is a new project's own title", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    expect((await resource.up({ repository: "team/b", title: "New", isPublic: true }, state)).step).toBe("replace");
  });

  it("waits for `up` where it is not known in the preview", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    expect(await resource.failures({ ...inputs, title: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" })).toEqual([]);
    expect(state.id).toBe("team/app");
  });
});

describe("a project that exists", () => {
  it("is an error that names adopt; with adopt it is taken over without a write", async () => {
    const resource = await start({ projects: { "team/app": { title: "Theirs" } } });
    await expect(resource.up({ repository: "team/app" })).rejects.toThrow("Set adopt: true");
    const { state } = await resource.up({ repository: "team/app", title: "Theirs", adopt: true });
    expect(world.writes()).toEqual([]);
    expect((await resource.up({ repository: "team/app", title: "Theirs" }, state)).step).toBe("same");
  });

  it("with another title is not adopted", async () => {
    const resource = await start({ projects: { "team/app": { title: "Theirs", isPublic: true } } });
    await expect(resource.up({ repository: "team/app", title: "Ours", adopt: true })).rejects.toThrow(
      /title cannot be changed.*isPublic cannot be changed/,
    );
    expect(world.writes()).toEqual([]);
  });

  it("and is in no list is told by the server, and can be adopted", async () => {
    const resource = await start({ emptyProjects: "hidden", projects: { "team/app": {} } });
    await expect(resource.up({ repository: "team/app" })).rejects.toThrow("Set adopt: true");
    const { state } = await resource.up({ repository: "team/app", adopt: true });
    expect(await resource.refresh(state)).toMatchObject({ id: "team/app" });
    await resource.destroy(state);
    expect(projects()).toEqual([]);
  });

  it("is told by EXISTS where the lists are silent about it", async () => {
    const resource = await start({ emptyProjects: "hidden", unknown: "silent", projects: { "team/app": {} } });
    const failed = resource.up({ repository: "team/app" });
    await expect(failed).rejects.toThrow(/it exists already \(EXISTS\).*set adopt: true/);
    await expect(resource.up({ repository: "team/app" })).rejects.toThrow("EXISTS"); // and is not taken for the attempt's own
    expect((await resource.up({ repository: "team/app", adopt: true })).step).toBe("create");
  });

  it("a repository that was pushed without a project gets one", async () => {
    const resource = await start();
    pushTo("team/app");
    expect((await resource.up({ repository: "team/app", title: "Now" })).step).toBe("create");
    expect(stored()).toEqual(["team/app"]);
  });
});

describe("drift", () => {
  it("a project that was deleted on the website is made anew", async () => {
    const resource = await start();
    const state = await declare(resource, { repository: "team/app" });
    world.registryui.state.removeProject("team/app");
    expect(await resource.refresh(state)).toBeUndefined();
    expect(resource.lines.join()).toContain("counts as deleted");
    expect((await resource.up({ repository: "team/app" })).step).toBe("create");
  });

  it("a project whose images stayed counts as deleted as well", async () => {
    const resource = await start();
    const state = await declare(resource, { repository: "team/app" });
    pushTo("team/app");
    world.registryui.state.removeProject("team/app");
    expect(await resource.refresh(state)).toBeUndefined();
    await resource.destroy(state);
    expect(stored()).toEqual(["team/app"]);
  });

  it("what this user may no longer see does not count as deleted", async () => {
    const resource = await start({ users: { reader: { token: "reader-token", read: ["team/app"] } } });
    const state = await declare(resource, { repository: "team/app" });
    const reader = world.one(TYPE, "org/project/dev/reader", { username: "reader", token: "reader-token" });
    expect(await reader.refresh(state)).toMatchObject({ id: "team/app" });
    world.registryui.state.addUser("reader", { token: "reader-token" });
    await expect(reader.refresh(state)).rejects.toThrow(/the registry refuses it to reader: rights are missing/);
    await expect(reader.destroy(state)).rejects.toThrow(/rights are missing/);
    expect(projects()).toEqual(["team/app"]);
  });

  it("an offline registry is an error after two minutes, not the end of a project", async () => {
    const resource = await start();
    const state = await declare(resource, { repository: "team/app" });
    world.registryui.state.setOffline(true);
    const before = world.sandbox.clock.now().getTime();
    await expect(resource.refresh(state)).rejects.toThrow(/the registry is offline \(OFFLINE\).*destroy the registryui.Maintenance/);
    expect(world.sandbox.clock.now().getTime() - before).toBeLessThanOrEqual(125_000);
    for (const run of [() => resource.destroy(state), () => resource.up({ repository: "team/b" })])
      await expect(run()).rejects.toThrow("OFFLINE");
    world.registryui.state.setOffline(false);
    expect(projects()).toEqual(["team/app"]);
  });
});

describe("destroying", () => {
  const contents: readonly { readonly what: string; readonly fill: () => void; readonly said: RegExp }[] = [
    {
      what: "tags",
      fill: () => void pushTo("team/app"),
      said: /holds 1 tag \(v1\) and is not destroyed.*forceDelete: true.* If a replacement left it over, .*delete that by hand/,
    },
    { what: "a repository below", fill: () => void pushTo("team/app/sub"), said: /holds 1 repository below it \(team\/app\/sub\)/ },
    { what: "a repository far below", fill: () => void pushTo("team/app/a/b/c"), said: /team\/app\/a\/b\/c/ },
    {
      what: "an empty project below",
      fill: () => world.registryui.state.addProject("team/app/sub"),
      said: /1 repository below it \(team\/app\/sub\)/,
    },
  ];

  it.each(contents)("is refused while there is something: $what", async ({ fill, said }) => {
    const resource = await start();
    const state = await declare(resource, { repository: "team/app" });
    fill();
    const before = [projects(), stored()];
    world.forget();
    await expect(resource.destroy(state)).rejects.toThrow(said);
    expect(world.writes()).toEqual([]);
    expect([projects(), stored()]).toEqual(before);
  });

  it.each(contents)("with forceDelete takes it along, says so, and touches no neighbour: $what", async ({ fill }) => {
    const neighbours = ["team", "team/app2", "team/app-b", "team/ap", "team2/app", "app"];
    const resource = await start({ projects: Object.fromEntries(neighbours.map((path) => [path, {}])) });
    const state = await declare(resource, { repository: "team/app" });
    fill();
    for (const path of neighbours) pushTo(path);
    world.forget();
    const { state: forced, step } = await resource.up({ repository: "team/app", forceDelete: true }, state);
    expect(step).toBe("update");
    expect(world.requests()).toEqual([]);
    await resource.destroy(forced);
    expect(world.writes()).toEqual(["DELETE /udr/v1api/folder?path=team%2Fapp"]);
    expect(projects()).toEqual([...neighbours].sort());
    expect(stored()).toEqual([...neighbours].sort());
    expect(resource.lines.join("\n")).toMatch(/registryui:Project team\/app: deleted with 1 (tag|repository)/);
  });

  it("is refused while only the registry itself knows of what lies below", async () => {
    const server = await startServer(({ method, url }) => {
      if (url.startsWith("/v2/_catalog")) return { json: { repositories: ["team/app/hidden", "team/app2"] } };
      if (url.startsWith("/v2/")) return { status: 404, json: { errors: [{ code: "NAME_UNKNOWN" }] } };
      if (url.includes("/tags?")) return { json: { error: null, total: 0, count: 0, entries: [] } };
      if (method === "DELETE") return { json: { error: null, data: true } };
      return { json: { error: null, total: 1, count: 1, entries: [{ fullPath: "team/app" }] } };
    });
    await start();
    const config = { "registryui:url": server.url, "registryui:username": "admin", "registryui:token": "secret" };
    const resource = new OneResource(TYPE, config, world.sandbox.clock);
    const state = (forceDelete: boolean) => ({
      id: "team/app",
      inputs: {},
      outputs: { repository: "team/app", forceDelete, schemaVersion: 1 },
    });
    try {
      await expect(resource.destroy(state(false))).rejects.toThrow(/holds 1 repository below it \(team\/app\/hidden\)/);
      expect(server.seen.filter(({ method }) => method !== "GET")).toEqual([]);
      await resource.destroy(state(true));
      expect(server.lines().filter((line) => !line.startsWith("GET"))).toEqual(["DELETE /udr/v1api/folder?path=team%2Fapp"]);
    } finally {
      resource.close();
      await server.close();
    }
  });

  it.each(["below", "below-and-itself", "direct", "beginning"] as const)(
    "proves what is there however `folder` is read: %s",
    async (folderLists) => {
      const resource = await start({ folderLists });
      const state = await declare(resource, { repository: "team/app" });
      pushTo("team/app/a/b");
      await expect(resource.destroy(state)).rejects.toThrow("team/app/a/b");
    },
  );

  it("looks anew when the answer is lost: what came in between stays", async () => {
    const resource = await start();
    const state = await declare(resource, { repository: "team/app" });
    world.sandbox.control.inject({ method: "DELETE", path: "/folder$", fault: "reset-before" });
    const destroying = resource.destroy(state);
    for (let turn = 0; world.writes().length === 0 && turn < 1_000; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    pushTo("team/app");
    await expect(destroying).rejects.toThrow("holds 1 tag");
    expect(stored()).toEqual(["team/app"]);
  });

  it.each(["reset-before", "reset-after"] as const)("succeeds after %s, and deletes no more than once", async (fault) => {
    const resource = await start();
    const state = await declare(resource, { repository: "team/app" });
    world.sandbox.control.inject({ method: "DELETE", fault });
    world.forget();
    await resource.destroy(state);
    expect(projects()).toEqual([]);
    expect(world.writes()).toHaveLength(fault === "reset-before" ? 2 : 1);
  });

  it("is never sent a path other than the project's own, whatever stands in the state", async () => {
    const resource = await start({ projects: { "team/app": {} } });
    const state = await declare(resource, { repository: "team/b", forceDelete: true });
    const paths = fc.oneof(
      fc.constantFrom("", "/", ".", "..", "*", "%", "team/", "/team", "team/*", "team/..", "team//b", "\\", " "),
      fc.string({ unit: fc.constantFrom("/", ".", "*", "%", " ", "\\", "A", "?", "#"), maxLength: 5 }),
    );
    world.forget();
    await fc.assert(
      fc.asyncProperty(paths, async (repository) => {
        await expect(resource.destroy({ ...state, id: repository, outputs: { ...state.outputs, repository } })).rejects.toThrow();
        expect(await resource.failures({ repository })).toMatchObject([{ property: "repository" }]);
      }),
      { numRuns: 100 },
    );
    expect(world.requests()).toEqual([]);
    expect(projects()).toEqual(["team/app", "team/b"]);
  });
});

describe("a user without administrator rights", () => {
  const user = { username: "dev", token: "dev-token" };
  const users = { dev: { token: "dev-token", read: ["*"], update: ["*"] } };

  it("gets one clear error, and nothing is half done", async () => {
    const admin = await start({ users });
    const dev = world.one(TYPE, "org/project/dev/dev", user);
    await expect(dev.up({ repository: "team/app" })).rejects.toThrow(
      /create of registryui:Project team\/app: .*user dev is not authorized \(NOTAUTHORIZED\)\. This call needs a user with administrator rights/,
    );
    expect(projects()).toEqual([]);
    const state = await declare(admin, { repository: "team/app" });
    await expect(dev.destroy(state)).rejects.toThrow(/delete of registryui:Project team\/app: .*administrator rights/);
    expect(projects()).toEqual(["team/app"]);
    // What was made by somebody else meanwhile is not taken for the failed attempt's own.
    await expect(dev.up({ repository: "team/app" })).rejects.toThrow("Set adopt: true");
  });
});

describe("every reading of the vendor's texts", () => {
  const readings: readonly Parameters<typeof startWorld>[0][] = [
    { errors: "status" },
    { errors: "html" },
    { errorData: "empty" },
    { unknown: "silent" },
    { reads: "GET" },
    { reads: "POST" },
    { lengthRequired: true },
    { emptyFolder: "refused" },
    { emptyProjects: "hidden" },
    { noTitle: "empty" },
    { noTitle: "name" },
    { collation: "ignore-case" },
    { maxTake: 1 },
    { otherFields: "absent" },
    { dates: "trimmed" },
    { dates: "zone" },
  ];

  it.each(readings)("%j: made, refreshed, refused while it holds something, destroyed", async (reading) => {
    const resource = await start({ ...reading, projects: { aa: {}, "team/app2": {}, zz: {} } });
    const inputs = { repository: "team/app" };
    const { state } = await resource.up(inputs);
    const refreshed = await resource.refresh(state);
    expect(refreshed).toMatchObject({ id: "team/app" });
    expect((await resource.up(inputs, refreshed)).step).toBe("same");
    pushTo("team/app/sub");
    await expect(resource.destroy(state)).rejects.toThrow("team/app/sub");
    world.registryui.store.deleteRepository("team/app/sub");
    await resource.destroy(state);
    await resource.destroy(state);
    expect(projects()).toEqual(["aa", "team/app2", "zz"]);
  });
});
