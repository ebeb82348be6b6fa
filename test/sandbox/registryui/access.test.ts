import { image, push } from "../images";
import { routes } from "./api";
import { basic, errorOf, fields, paths, type Rig, rig, tagNames } from "./rig";

/** `team/app` of a project, `team/web` of none, `open` that is public, `many/one` below a project with multiple repositories. */
function filled(options: Parameters<typeof rig>[0] = {}): Rig {
  const projects = { "team/app": {}, open: { isPublic: true }, many: { isPublic: true, multiRepo: true } };
  const world = rig({ projects, ...options });
  for (const name of ["team/app", "team/web", "open", "many/one", "many/two/three"]) push(world.store, name, "v1", image());
  return world;
}

const calls = routes.map(({ method, path }) => [method, path] as const);
const target = (path: string) => `${path}?repository=team/app&tagName=v1&path=team/app`;

describe("the Extended API", () => {
  it("has the ten calls", () => {
    expect(new Set(calls.map(String)).size).toBe(10);
  });

  it.each(calls)("refuses %s %s with NOTAUTHORIZED inside a 200 to whoever has no valid token", async (method, path) => {
    const { call } = filled();
    const wrong: readonly Readonly<Record<string, string>>[] = [
      {},
      { authorization: basic("admin", "wrong") },
      { authorization: basic("nobody") },
      { authorization: basic("admin", "") },
      { authorization: "Bearer admin-token" },
      { authorization: "Basic" },
      { authorization: "" },
    ];
    for (const headers of wrong) {
      const answer = await call(method, target(path), { user: null, headers });
      expect(answer).toEqual({ status: 200, json: { error: "NOTAUTHORIZED", data: false } });
    }
    expect(await call(method, target(path), { fault: "expired-session" })).toMatchObject({ json: { error: "NOTAUTHORIZED" } });
    expect(errorOf(await call(method, target(path)))).toBe(path === "project/create" ? "EXISTS" : null);
  });

  it.each(calls)("has %s %s for administrators, unless it only reads", async (method, path) => {
    const reads = ["repositories", "tags", "taginfo"].includes(path) && method === "GET";
    const world = filled();
    for (const user of ["reader", "writer"]) {
      expect(errorOf(await world.call(method, target(path), { user }))).toBe(reads ? null : "NOTAUTHORIZED");
    }
    expect([world.store.repository("team/app")?.tags.has("v1"), world.registryui.state.offline]).toEqual([true, false]);
  });
});

describe("reading", () => {
  it.each([
    ["admin", ["many", "many/one", "many/two/three", "open", "team/app", "team/web"]],
    ["reader", ["many", "many/one", "many/two/three", "open", "team/app"]],
    ["writer", ["many", "many/one", "many/two/three", "open", "team/app"]],
  ])("shows %s what he may, and counts nothing else", async (user, expected) => {
    const answer = await filled().call("GET", "repositories", { user });
    expect(paths(answer)).toEqual(expected);
    expect(fields(answer)).toMatchObject({ total: expected.length, count: expected.length });
  });

  it("needs a project: without one there is nothing for a user, whatever his rights", async () => {
    const world = filled();
    world.registryui.state.removeProject("team/app");
    expect(tagNames(await world.call("GET", "tags?repository=team/app", { user: "reader" }))).toEqual([]);
    world.registryui.state.addProject("team/app");
    expect(tagNames(await world.call("GET", "tags?repository=team/app", { user: "reader" }))).toEqual(["v1"]);
  });

  it("is not given by a project above that has not multiple repositories", async () => {
    const world = filled();
    push(world.store, "open/below", "v1", image());
    expect(tagNames(await world.call("GET", "tags?repository=open/below", { user: "reader" }))).toEqual([]);
    world.registryui.state.addProject("open", { isPublic: true, multiRepo: true });
    expect(tagNames(await world.call("GET", "tags?repository=open/below", { user: "reader" }))).toEqual(["v1"]);
  });

  it("needs rights where the project is not public", async () => {
    const world = filled();
    world.registryui.state.addUser("stranger", { token: "stranger-token" });
    const call = (path: string) => world.call("GET", path, { user: "stranger" });
    expect(fields(await call("tags?repository=team/app"))).toEqual({ error: null, total: 0, count: 0, entries: [] });
    expect(fields(await call("taginfo?repository=team/app&tagName=v1"))).toEqual({ error: "NOTAUTHORIZED", data: false });
    expect(tagNames(await call("tags?repository=open"))).toEqual(["v1"]);
    expect(tagNames(await call("tags?repository=many/two/three"))).toEqual(["v1"]);
  });

  it("is refused to an existing and a missing repository alike by the switch unreadable", async () => {
    const { call } = filled({ unreadable: "NOTAUTHORIZED" });
    for (const path of ["team/web", "none"])
      expect(errorOf(await call("GET", `tags?repository=${path}`, { user: "reader" }))).toBe("NOTAUTHORIZED");
    expect(tagNames(await call("GET", "tags?repository=team/app", { user: "reader" }))).toEqual(["v1"]);
  });

  it("is for anonymous clients by the switch publicApi, and only what is public", async () => {
    const { call } = filled({ publicApi: true });
    const anonymous = (path: string) => call("GET", path, { user: null });
    expect(paths(await anonymous("repositories"))).toEqual(["many", "many/one", "many/two/three", "open"]);
    expect(tagNames(await anonymous("tags?repository=open"))).toEqual(["v1"]);
    expect(errorOf(await anonymous("taginfo?repository=open&tagName=v1"))).toBe(null);
    expect(tagNames(await anonymous("tags?repository=team/app"))).toEqual([]);
    expect(errorOf(await anonymous("taginfo?repository=team/app&tagName=v1"))).toBe("NOTAUTHORIZED");
    expect(errorOf(await call("GET", "repositories", { user: null, headers: { authorization: basic("admin", "wrong") } }))).toBe(
      "NOTAUTHORIZED",
    );
    for (const [method, path] of calls) {
      if (["repositories", "tags"].includes(path) || `${method} ${path}` === "GET taginfo") continue;
      expect([path, errorOf(await call(method, target(path), { user: null }))]).toEqual([path, "NOTAUTHORIZED"]);
    }
  });

  it.each([
    ["administrators", [null, "NOTAUTHORIZED", "NOTAUTHORIZED"]],
    ["users", [null, null, "NOTAUTHORIZED"]],
    ["anybody", [null, null, null]],
  ] as const)("of isoffline is for %s by the switch offlineAsked", async (offlineAsked, expected) => {
    const { call } = filled({ offlineAsked });
    const errors = [];
    for (const user of ["admin", "reader", null]) errors.push(errorOf(await call("GET", "isoffline", { user })));
    expect(errors).toEqual(expected);
  });
});
