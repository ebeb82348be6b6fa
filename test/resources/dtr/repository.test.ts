import { startServer } from "../../registries/selectel/scripted-server";
import { image, push } from "../../sandbox/images";
import { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { startWorld, type World } from "./world";

const TYPE = "dtr:Repository";
let world: World;
afterEach(() => world.close());
const start = async (options: Parameters<typeof startWorld>[0] = {}): Promise<OneResource> => {
  world = await startWorld({ organizations: { team: {} }, ...options });
  return world.one(TYPE);
};
const stored = () => [...world.dtr.state.world.repositories.keys()].sort();
const repository = (path = "team/app") => world.dtr.state.repository(path);
const pushTag = (tag: string, path = "team/app") => push(world.dtr.store, path, tag, image({ labels: { path, tag } }));
const byHand = (change: object) =>
  world.api("PATCH", "/api/v0/repositories/team/app", { immutableTags: repository().immutableTags, ...change });

const minimal = { namespace: "team", name: "app" };
const inputs = {
  ...minimal,
  shortDescription: "An app",
  longDescription: "# An app",
  visibility: "public",
  scanOnPush: true,
  immutableTags: false,
  tagLimit: 5,
};

/** What a server says of the repository. */
const found = {
  ...minimal,
  id: "1",
  namespaceType: "organization",
  shortDescription: "Old",
  visibility: "private",
  scanOnPush: false,
  immutableTags: true,
  tagLimit: 0,
  pulls: 0,
  pushes: 0,
};

describe("dtr.Repository", () => {
  it.each([minimal, inputs])(
    "is made as declared, stays without a request, is read without a write, and is gone when destroy returns: %j",
    async (declared) => {
      const resource = await start();
      const state = await declare(resource, declared);
      expect(state).toMatchObject({
        id: "team/app",
        outputs: {
          visibility: "private",
          ...declared,
          repositoryId: repository().id,
          reference: `${new URL(world.url).host}/team/app`,
          namespaceType: "organization",
        },
      });
      const { namespace: _, name: __, ...settings } = declared;
      expect(repository()).toMatchObject({ visibility: "private", ...settings });
      expect(world.writes()).toEqual(["POST /api/v0/repositories/team"]);
      world.forget();
      expect((await resource.up(declared, state)).step).toBe("same");
      expect(world.requests()).toEqual([]);
      expect((await resource.up(declared, await refreshed(resource, state))).step).toBe("same");
      expect(world.requests()).toEqual(["GET /api/v0/repositories/team/app"]);
      await resource.destroy(state);
      expect(stored()).toEqual([]);
      world.forget();
      await resource.destroy(state);
      expect(world.writes()).toEqual([]);
    },
  );

  const changes = [
    { property: "shortDescription", to: "New" },
    { property: "longDescription", to: "" },
    { property: "visibility", to: "private" },
    { property: "scanOnPush", to: false },
    { property: "tagLimit", to: 0 },
  ];

  it.each([...changes, { property: "immutableTags", to: true }])("changes $property in place", async ({ property, to }) => {
    const resource = await start();
    const { tagLimit: _, ...rest } = inputs;
    const declared = property === "immutableTags" ? rest : inputs;
    const state = await declare(resource, declared);
    world.forget();
    const { step, state: changed } = await resource.up({ ...declared, [property]: to }, state);
    expect(step).toBe("update");
    expect(world.writes()).toEqual(["PATCH /api/v0/repositories/team/app"]);
    expect(repository()).toMatchObject({ ...declared, namespace: "team", [property]: to });
    expect((await resource.up({ ...declared, [property]: to }, await refreshed(resource, changed))).step).toBe("same");
  });

  it.each(changes)("notices that $property was changed, and changes it back", async ({ property, to }) => {
    const resource = await start();
    const state = await declare(resource, inputs);
    await byHand({ [property]: to });
    const now = await refreshed(resource, state);
    expect(now.inputs[property]).toBe(to);
    expect((await resource.up(inputs, now)).step).toBe("update");
    expect(repository()).toMatchObject({ [property]: inputs[property as keyof typeof inputs] });
  });

  it("leaves alone what it does not declare, also when it changes something else", async () => {
    const resource = await start();
    const state = await declare(resource, minimal);
    await byHand({ shortDescription: "By hand", longDescription: "By hand", scanOnPush: true, immutableTags: true });
    const now = await refreshed(resource, state);
    expect((await resource.up(minimal, now)).step).toBe("same");
    world.forget();
    await resource.up({ ...minimal, visibility: "public" }, now);
    expect(repository()).toMatchObject({
      visibility: "public",
      shortDescription: "By hand",
      longDescription: "By hand",
      scanOnPush: true,
      immutableTags: true,
    });
  });

  it("sends what changed and the present immutableTags, for servers that take its absence for false", async () => {
    await start();
    const server = await startServer(({ method }) => ({ json: { ...found, ...(method === "PATCH" && { shortDescription: "New" }) } }));
    const config = { "dtr:url": server.url, "dtr:username": "admin", "dtr:password": "secret" };
    const resource = new OneResource(TYPE, config, world.sandbox.clock);
    const outputs = { ...minimal, shortDescription: "Old", visibility: "private", forceDelete: false, repositoryId: "1", schemaVersion: 1 };
    const bodies = () => server.seen.filter(({ method }) => method === "PATCH").map(({ body }) => JSON.parse(body));
    try {
      const state = { id: "team/app", inputs: {}, outputs };
      await resource.up({ ...minimal, shortDescription: "New" }, state);
      await resource.up({ ...minimal, shortDescription: "New", immutableTags: false }, state);
      expect(bodies()).toEqual([
        { shortDescription: "New", immutableTags: true },
        { shortDescription: "New", immutableTags: false },
      ]);
    } finally {
      resource.close();
      await server.close();
    }
  });

  it("sends nothing where a setting is no longer declared", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    world.forget();
    expect((await resource.up({ ...minimal, visibility: "public" }, state)).step).toBe("update");
    expect(world.requests()).toEqual([]);
    expect(repository()).toMatchObject({ shortDescription: "An app", tagLimit: 5 });
  });

  it("refuses a tag limit of an immutable repository before anything is sent", async () => {
    const resource = await start();
    expect(await resource.failures({ ...minimal, immutableTags: true, tagLimit: 2 })).toEqual([
      { property: "tagLimit", reason: expect.stringContaining("exclude each other") },
    ]);
    expect(await resource.failures({ ...minimal, immutableTags: true, tagLimit: 0 })).toEqual([]);
  });

  it.each([
    { property: "name", value: "a/b" },
    { property: "name", value: "Upper" },
    { property: "name", value: ".." },
    { property: "namespace", value: "" },
    { property: "namespace", value: "a/b" },
    { property: "tagLimit", value: -1 },
    { property: "tagLimit", value: 1.5 },
    { property: "visibility", value: "secret" },
  ])("refuses $property $value before anything is sent", async ({ property, value }) => {
    const resource = await start();
    expect(await resource.failures({ ...minimal, [property]: value })).toMatchObject([{ property }]);
  });

  it("moves to another name by a new repository, and the end of the old one only if that is empty", async () => {
    const resource = await start();
    const state = await declare(resource, minimal);
    pushTag("v1");
    await expect(resource.up({ ...minimal, name: "web" }, state)).rejects.toThrow("repository team/app holds 1 tag (v1)");
    expect(stored()).toEqual(["team/app", "team/web"]);
  });

  it("`.get` reads what there is", async () => {
    const resource = await start({ repositories: { "team/app": { shortDescription: "Theirs", visibility: "public", tagLimit: 3 } } });
    expect(await resource.get("team/app")).toMatchObject({
      ...minimal,
      shortDescription: "Theirs",
      visibility: "public",
      tagLimit: 3,
      immutableTags: false,
      longDescription: "",
    });
    await expect(resource.get("team/none")).rejects.toThrow("does not exist");
    await expect(resource.get("app")).rejects.toThrow("it must be namespace/name");
  });
});

describe("a repository that exists", () => {
  it("is an error without adopt; with it, it is taken over and made as declared, and its tags stay", async () => {
    const resource = await start({ repositories: { "team/app": { visibility: "public", shortDescription: "Theirs", scanOnPush: true } } });
    pushTag("v1");
    await expect(resource.up(minimal)).rejects.toThrow("Set adopt: true");
    expect(world.writes()).toEqual([]);
    await declare(resource, { ...minimal, visibility: "public", adopt: true });
    expect(world.writes()).toEqual([]);
    await declare(world.one(TYPE, "another"), { ...minimal, shortDescription: "Ours", adopt: true });
    expect(repository()).toMatchObject({ visibility: "private", shortDescription: "Ours", scanOnPush: true });
    expect([...(world.dtr.store.repository("team/app")?.tags.keys() ?? [])]).toEqual(["v1"]);
  });

  it("that came in between the look and the creation is somebody else's, now and at the next `up`", async () => {
    const resource = await start({ repositories: { "team/app": {} } });
    world.sandbox.control.inject({
      method: "GET",
      path: "/repositories/team/app$",
      fault: { kind: "status", status: 404, body: '{"errors":[{"code":"NO_SUCH_REPOSITORY","message":"none"}]}' },
    });
    await expect(resource.up(minimal)).rejects.toThrow(/REPOSITORY_EXISTS.*set adopt: true/);
    await expect(resource.up(minimal)).rejects.toThrow("already exists");
  });

  it("is not mistaken for a missing one while the server is in trouble", async () => {
    const resource = await start({ repositories: { "team/app": {} } });
    const state = { id: "team/app", inputs: minimal, outputs: { ...minimal, repositoryId: repository().id, schemaVersion: 1 } };
    for (const fault of [
      { kind: "status", status: 500 },
      { kind: "status", status: 403 },
      { kind: "html", status: 404 },
    ] as const) {
      world.sandbox.control.inject({ path: "/repositories/team/app$", fault, times: 20 });
      await expect(resource.refresh(state)).rejects.toThrow();
      world.sandbox.control.clearFaults();
    }
  });
});

describe("a creation", () => {
  it.each(["reset-before", "reset-after", "broken-json"] as const)(
    "makes one repository although the answer is lost: %s",
    async (fault) => {
      const resource = await start();
      world.sandbox.control.inject({ method: "POST", fault });
      const state = await declare(resource, inputs);
      expect(state.outputs.repositoryId).toBe(repository().id);
      expect(stored()).toEqual(["team/app"]);
    },
  );

  it("in a namespace that is not there says so", async () => {
    const resource = await start();
    await expect(resource.up({ ...minimal, namespace: "nobody" })).rejects.toThrow(/NO_SUCH_ACCOUNT.*no such user or organization/);
  });
});

describe("a tag limit of a repository whose tags somebody else made immutable", () => {
  it("has no effect, and that is said", async () => {
    const resource = await start({ repositories: { "team/app": { immutableTags: true } } });
    const { state } = await resource.up({ ...minimal, tagLimit: 5, adopt: true });
    const warning = "dtr:Repository team/app: tagLimit has no effect, because its tags are immutable: declare immutableTags: false";
    expect(resource.lines).toContain(warning);
    await resource.up({ ...minimal, tagLimit: 6 }, state);
    expect(resource.lines.filter((line) => line === warning)).toHaveLength(2);
    await resource.up({ ...minimal, tagLimit: 6, immutableTags: false }, state);
    expect(resource.lines.filter((line) => line === warning)).toHaveLength(2);
  });
});

describe("destroying a repository", () => {
  it("is refused while it holds tags, and nothing is sent", async () => {
    const resource = await start({ maxPageSize: 2 });
    const state = await declare(resource, minimal);
    for (const tag of ["v1", "v2", "v3"]) pushTag(tag);
    world.forget();
    await expect(resource.destroy(state)).rejects.toThrow(
      /delete of dtr:Repository team\/app: repository team\/app holds 3 tags \(v1, v2, v3\) and is not destroyed\. Set forceDelete: true/,
    );
    expect(world.writes()).toEqual([]);
  });

  it("tells what helps where the old one of a replacement is left over, since no input reaches that any more", async () => {
    const resource = await start();
    const state = await declare(resource, minimal);
    pushTag("v1");
    const moved = resource.up({ ...minimal, name: "renamed", forceDelete: true }, state);
    await expect(moved).rejects.toThrow(
      "If a replacement left it over, neither reaches it any more: delete that by hand, and run `pulumi up` again",
    );
  });

  it("with forceDelete takes its tags along, says so, and touches no neighbour", async () => {
    const neighbours = ["team/app2", "team/ap", "team2/app"];
    const resource = await start({
      organizations: { team: {}, team2: {} },
      repositories: Object.fromEntries(neighbours.map((path) => [path, {}])),
    });
    for (const path of neighbours) pushTag("v1", path);
    const state = await declare(resource, minimal);
    pushTag("v1");
    const { state: forced } = await resource.up({ ...minimal, forceDelete: true }, state);
    world.forget();
    await resource.destroy(forced);
    const host = encodeURIComponent(new URL(world.url).host);
    expect(world.writes()).toEqual([
      expect.stringMatching(new RegExp(`^DELETE /api/v0/repositories/team/app\\?domain=(${host}|${new URL(world.url).host})$`)),
    ]);
    expect(stored()).toEqual([...neighbours].sort());
    expect(resource.lines.join("\n")).toContain("repository team/app: deleted with 1 tag (v1)");
  });

  it("is not tried while tags are signed, forceDelete or not, and the error says what to do", async () => {
    const resource = await start();
    const state = await declare(resource, { ...minimal, forceDelete: true });
    pushTag("v1");
    world.dtr.state.sign("team/app", "v1");
    world.forget();
    await expect(resource.destroy(state)).rejects.toThrow(
      /holds 1 signed tag \(v1\) and is not destroyed: .*docker trust revoke 127\.0\.0\.1:\d+\/team\/app:v1/,
    );
    expect(world.writes()).toEqual([]);
    world.dtr.state.unsign("team/app", "v1");
    await resource.destroy(state);
    expect(stored()).toEqual([]);
  });

  it.each(["", "{}", "3", "<html>Log in</html>"])("is not done on a list of tags that is none: %j", async (body) => {
    const resource = await start();
    const state = await declare(resource, minimal);
    pushTag("v1");
    world.forget();
    world.sandbox.control.inject({ path: "/tags$", fault: { kind: "status", status: 200, body }, times: 10 });
    await expect(resource.destroy(state)).rejects.toThrow();
    expect(world.writes()).toEqual([]);
  });

  it.each(["", "not found", "{}", '{"errors":[]}'])(
    "is not destroyed where a 404 of somebody else stands for the list: %j",
    async (body) => {
      const resource = await start();
      const state = await declare(resource, minimal);
      pushTag("v1");
      world.forget();
      world.sandbox.control.inject({ path: "/tags$", fault: { kind: "status", status: 404, body }, times: 10 });
      await expect(resource.destroy(state)).rejects.toThrow("404");
      expect(world.writes()).toEqual([]);
    },
  );

  it("looks anew when the answer is lost: what came in between stays", async () => {
    const resource = await start();
    const state = await declare(resource, minimal);
    world.sandbox.control.inject({ method: "DELETE", fault: "reset-before" });
    world.forget();
    const destroying = resource.destroy(state);
    for (let turn = 0; world.writes().length === 0 && turn < 1_000; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    pushTag("v1");
    await expect(destroying).rejects.toThrow("holds 1 tag (v1)");
    expect(stored()).toEqual(["team/app"]);
  });

  it.each(["reset-before", "reset-after"] as const)("succeeds after %s, and deletes no more than once", async (fault) => {
    const resource = await start();
    const state = await declare(resource, minimal);
    world.sandbox.control.inject({ method: "DELETE", fault });
    world.forget();
    await resource.destroy(state);
    expect(stored()).toEqual([]);
    expect(world.writes()).toHaveLength(fault === "reset-before" ? 2 : 1);
  });

  it.each(["204", "404"] as const)("succeeds where it is gone already: deletion of nothing is a %s", async (deleteAbsent) => {
    const resource = await start({ deleteAbsent });
    const state = await declare(resource, minimal);
    await world.api("DELETE", "/api/v0/repositories/team/app");
    await resource.destroy(state);
    expect(await resource.refresh(state)).toBeUndefined();
  });
});

describe("every reading of the vendor's texts", () => {
  const readings: readonly Parameters<typeof startWorld>[0][] = [
    { version: "2.7" },
    { errors: "bare" },
    { errors: "detail" },
    { errors: "empty" },
    { emptyLists: "null" },
    { lastPage: "empty" },
    { defaultVisibility: "private" },
    { tagLimits: "absent" },
    { unseen: "403" },
  ];

  it.each(readings)("%j: made, refreshed, refused while it holds tags, destroyed", async (reading) => {
    const resource = await start(reading);
    const state = await declare(resource, minimal);
    expect((await resource.up(minimal, await refreshed(resource, state))).step).toBe("same");
    pushTag("v1");
    await expect(resource.destroy(state)).rejects.toThrow("holds 1 tag");
    await world.api("DELETE", "/api/v0/repositories/team/app/tags/v1");
    await resource.destroy(state);
    expect(stored()).toEqual([]);
  });
});
