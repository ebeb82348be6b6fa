import { image, push } from "../images";
import { dataOf, errorOf, fields, paths, type Rig, rig } from "./rig";

const names = ["alpine", "team/app", "team/app/base", "team/web", "teams", "zoo"];

function filled(options: Parameters<typeof rig>[0] = {}): Rig {
  const world = rig(options);
  for (const name of names.toReversed()) push(world.store, name, "v1", image());
  return world;
}

describe("GET repositories", () => {
  it("shows a project as the vendor's sample does", async () => {
    const { call, store, clock } = rig({ projects: { "team/app": { title: "App", description: "An app", isPublic: true } } });
    clock.advance(3_600_123);
    push(store, "team/app", "v1", image());
    const entry = {
      id: 1000,
      tenantId: 1,
      fullPath: "team/app",
      available: true,
      name: "app",
      title: "App",
      description: { text: "An app", html: "<p>An app</p>" },
      level: 1,
      isProject: true,
      isRepository: true,
      lowerLevelProjects: 0,
      hasParentProject: false,
      deletingUser: 0,
      isPublic: true,
      multiRepo: false,
      updateGroupIdList: [{ groupId: 1000 }],
      readGroupIdList: [{ groupId: 1000 }, { groupId: 1001 }],
      updateGroupIds: [1000, 1015],
      readGroupIds: [1000, 1015, 1001, 1014],
      readUsersGroupId: 1014,
      updateUsersGroupId: 1015,
      created: "2026-01-01T00:00:00.0008036",
      updated: "2026-01-01T01:00:00.1238036",
    };
    expect(fields(await call("GET", "repositories"))).toEqual({ error: null, total: 1, count: 1, entries: [entry] });
  });

  it("shows what was pushed without a project, and what is below or above one", async () => {
    const { call, store, clock } = rig({ projects: { team: { multiRepo: true } } });
    push(store, "team/app", "v1", image());
    clock.advance(1_000);
    const answer = await call("GET", "repositories");
    expect(fields(answer).entries).toMatchObject([
      {
        fullPath: "team",
        isProject: true,
        isRepository: false,
        lowerLevelProjects: 0,
        hasParentProject: false,
        multiRepo: true,
        updated: null,
      },
      { fullPath: "team/app", isProject: false, isRepository: true, hasParentProject: true, title: null, isPublic: false, updated: null },
    ]);
    await call("POST", "project/create?repository=team/app");
    expect(fields(await call("GET", "repositories")).entries).toMatchObject([
      { lowerLevelProjects: 1 },
      { isProject: true, updated: null },
    ]);
  });

  it("shows only what is supported by the switch otherFields", async () => {
    const { call } = filled({ otherFields: "absent" });
    const [entry] = fields(await call("GET", "repositories?take=1")).entries as object[]; // each is an object, or the test fails here
    expect(Object.keys(entry ?? {})).toEqual(["fullPath", "name", "title", "description", "isPublic", "created", "updated"]);
  });

  it.each([
    ["", names],
    ["startAfter=b", names.slice(1)],
    ["startAfter=team/app", ["team/app/base", "team/web", "teams", "zoo"]],
    ["startAfter=zoo", []],
    ["startAfter=", names],
    ["folder=", names],
    ["folder=team", ["team/app", "team/app/base", "team/web"]],
    ["folder=/team/", ["team/app", "team/app/base", "team/web"]],
    ["folder=team/app", ["team/app/base"]],
    ["folder=none", []],
    ["folder=team&startAfter=team/app", ["team/app/base", "team/web"]],
  ])("lists by %s, sorted, and counts it", async (query, expected) => {
    const answer = await filled().call("GET", `repositories?${query}`);
    expect(paths(answer)).toEqual(expected);
    expect(fields(answer)).toMatchObject({ total: expected.length, count: expected.length });
  });

  it.each([
    ["skip=1&take=1", ["team/app"], 6],
    ["take=2&startAfter=team/app", ["team/app/base", "team/web"], 4],
    ["skip=5", ["zoo"], 6],
    ["skip=6", [], 6],
    ["take=0", [], 6],
    ["take=100", names, 6],
  ])("cuts by %s, which total does not count", async (query, expected, total) => {
    const answer = await filled().call("GET", `repositories?${query}`);
    expect(fields(answer)).toMatchObject({ total, count: expected.length });
    expect(paths(answer)).toEqual(expected);
  });

  it.each([
    ["below-and-itself", ["team/app", "team/app/base"]],
    ["direct", ["team/app/base"]],
    ["beginning", ["team/app", "team/app/base", "team/apple"]],
  ] as const)("takes folder as %s by the switch folderLists", async (folderLists, expected) => {
    const { call, store } = filled({ folderLists });
    push(store, "team/apple", "v1", image());
    expect(paths(await call("GET", "repositories?folder=team/app"))).toEqual(expected);
    const direct = folderLists === "direct";
    expect(paths(await call("GET", "repositories?folder=team")).includes("team/app/base")).toBe(!direct);
  });

  it("leaves out projects without images by the switch emptyProjects", async () => {
    const { call } = filled({ emptyProjects: "hidden", projects: { fresh: {}, zoo: {} } });
    expect(paths(await call("GET", "repositories"))).toEqual(names);
    expect(errorOf(await call("POST", "project/create?repository=fresh"))).toBe("EXISTS");
  });

  it("gives no more than the switch maxTake at once", async () => {
    const { call } = filled({ maxTake: 2 });
    for (const query of ["", "?take=5"]) expect(fields(await call("GET", `repositories${query}`))).toMatchObject({ total: 6, count: 2 });
    expect(fields(await call("GET", "repositories?take=1"))).toMatchObject({ total: 6, count: 1 });
  });
});

describe("faults of lists", () => {
  it("short-page gives half of the entries, and the right total", async () => {
    const { call } = filled();
    const answer = await call("GET", "repositories?take=4", { fault: "short-page" });
    expect(paths(answer)).toEqual(names.slice(0, 2));
    expect(fields(answer)).toMatchObject({ total: 6, count: 2 });
  });

  it("looped-link gives the first page again", async () => {
    const { call } = filled();
    const answer = await call("GET", "repositories?take=2&startAfter=team/app&skip=1", { fault: "looped-link" });
    expect(paths(answer)).toEqual(names.slice(0, 2));
    expect(fields(answer)).toMatchObject({ total: 6 });
  });

  it("stale-list gives what the same request was answered before, or nothing", async () => {
    const { call, store } = filled();
    expect(fields(await call("GET", "repositories", { fault: "stale-list" }))).toEqual({ error: null, total: 0, count: 0, entries: [] });
    await call("GET", "repositories");
    await call("GET", "repositories", { fault: "short-page" });
    store.deleteRepository("zoo");
    expect(paths(await call("GET", "repositories", { fault: "stale-list" }))).toEqual(names);
    expect(paths(await call("GET", "repositories"))).toEqual(names.slice(0, -1));
    expect(paths(await call("GET", "repositories?take=9", { fault: "stale-list" }))).toEqual([]);
  });
});

describe("POST project/create", () => {
  it("gives the entry, and is seen in the list", async () => {
    const { call } = rig();
    const created = dataOf(await call("POST", "project/create?repository=mysql&title=My%20SQL&isPublic=true"));
    const expected = { fullPath: "mysql", name: "mysql", title: "My SQL", isPublic: true, isProject: true, isRepository: false, level: 0 };
    expect(created).toMatchObject({
      ...expected,
      description: { text: null, html: null },
      created: "2026-01-01T00:00:00.0008036",
      updated: null,
    });
    expect(fields(await call("GET", "repositories")).entries).toEqual([created]);
  });

  it.each([
    ["null", null],
    ["empty", ""],
    ["name", "app"],
  ] as const)("leaves the title %s without one, by the switch noTitle", async (noTitle, title) => {
    expect(dataOf(await rig({ noTitle }).call("POST", "project/create?repository=team/app"))).toMatchObject({ title, isPublic: false });
  });

  it("says EXISTS the second time, and changes nothing", async () => {
    const { call, registryui } = rig();
    await call("POST", "project/create?repository=mysql&title=MySQL");
    expect(fields(await call("POST", "project/create?repository=mysql&title=Other&isPublic=true"))).toEqual({
      error: "EXISTS",
      data: false,
    });
    expect(registryui.state.projects.get("mysql")).toMatchObject({ title: "MySQL", isPublic: false });
  });

  it("takes over what was pushed before, or by the switch projectOverRepository does not", async () => {
    expect(dataOf(await filled().call("POST", "project/create?repository=zoo"))).toMatchObject({ isProject: true, isRepository: true });
    expect(errorOf(await filled({ projectOverRepository: "EXISTS" }).call("POST", "project/create?repository=zoo"))).toBe("EXISTS");
  });

  it.each(["Team/App", "a//b", "/a", "a/", "..", "a b", `a${"b".repeat(255)}`])("refuses the name %s", async (name) => {
    const answer = await rig().call("POST", `project/create?repository=${encodeURIComponent(name)}`);
    expect(errorOf(answer)).toBe(`The repository name '${name}' is not valid.`);
  });

  it("refuses a visibility that is none", async () => {
    expect(errorOf(await rig().call("POST", "project/create?repository=a&isPublic=yes"))).toBe(
      "The value 'yes' is not valid for isPublic.",
    );
    expect(dataOf(await rig().call("POST", "project/create?repository=a&isPublic=True"))).toMatchObject({ isPublic: true });
  });

  it("lets the users who were given rights push and read, once it is there", async () => {
    const { call } = rig();
    await call("POST", "project/create?repository=team/new");
    expect(paths(await call("GET", "repositories", { user: "writer" }))).toEqual(["team/new"]);
  });
});

describe("DELETE folder", () => {
  it.each([
    ["team", ["alpine", "teams", "zoo"]],
    ["team/app", ["alpine", "team/web", "teams", "zoo"]],
    ["team/app/base", names.filter((name) => name !== "team/app/base")],
    ["team/../zoo/./", names.slice(0, -1)],
    ["", []],
    ["/", []],
    [".", []],
    ["..", []],
    ["team/..", []],
    ["//", []],
    [" ", []],
    ["\\", []],
  ])("with path %j deletes it and all below, whatever that is", async (path, left) => {
    const { call, store } = filled();
    expect(fields(await call("DELETE", `folder?path=${encodeURIComponent(path)}`))).toEqual({ error: null, data: true });
    expect(store.repositories().map(({ name }) => name)).toEqual(left);
    expect(paths(await call("GET", "repositories"))).toEqual(left);
  });

  it("without a path deletes everything as well, even when a body has one", async () => {
    const { call, store } = filled();
    await call("DELETE", "folder", { body: "path=zoo" });
    expect(store.repositories()).toEqual([]);
  });

  it.each(["", "/", "..", "a/.."])("with path %j is refused by the switch emptyFolder", async (path) => {
    const { call, store } = filled({ emptyFolder: "refused" });
    expect(errorOf(await call("DELETE", `folder?path=${path}`))).toBe("The argument path is required.");
    expect(store.repositories()).toHaveLength(names.length);
  });

  it("deletes projects, also those without images", async () => {
    const { call, registryui } = rig({ projects: { team: {}, "team/app": {}, teams: {} } });
    expect(fields(await call("DELETE", "folder?path=team"))).toEqual({ error: null, data: true });
    expect([...registryui.state.projects.keys()]).toEqual(["teams"]);
    expect(errorOf(await call("DELETE", "folder?path=team"))).toBe("The folder 'team' does not exist.");
  });
});
