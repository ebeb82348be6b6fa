import { digestOf } from "../digest";
import { each, fields, json, putImage, type Rig, rig } from "./rig";

const hour = 3_600_000;

async function statuses({ call }: Rig, id: unknown, times: number): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let time = 0; time < times; time++) {
    const response = await call("GET", `v1/registries/${id}`);
    seen.push(response.status === 200 ? fields(response).status : response.status);
  }
  return seen;
}

describe("create registry", () => {
  it("answers 201 with the registry in CREATING", async () => {
    const { call } = rig();
    const response = await call("POST", "v1/registries", { body: { name: "test-registry" } });
    expect(response.status).toBe(201);
    expect(json(response)).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "test-registry",
      createdAt: "2026-01-01T00:00:00.000Z",
      status: "CREATING",
      size: 0,
      sizeLimit: 21474836480,
      used: 0,
    });
  });

  it.each([
    ["no body", ""],
    ["broken JSON", "{"],
    ["a bare string, as craas-go 0.1.0 sent", '"test-registry"'],
    ["no name", {}],
    ["an empty name", { name: "" }],
    ["a name that is no string", { name: 7 }],
    ["an upper-case name", { name: "Test" }],
    ["a leading digit", { name: "1test" }],
    ["a trailing hyphen", { name: "test-" }],
    ["a slash", { name: "a/b" }],
    ["21 characters", { name: "a".repeat(21) }],
  ])("answers 400 to %s", async (_, body) => {
    const { call } = rig();
    expect((await call("POST", "v1/registries", { body })).status).toBe(400);
    expect((await call("GET", "v1/registries")).status).toBe(204);
  });

  it.each(["a", "a1", "a--b", "a".repeat(20)])("takes the name %s", async (name) => {
    expect((await rig().call("POST", "v1/registries", { body: { name } })).status).toBe(201);
  });

  it("takes longer names by the switch nameLimit", async () => {
    const name = "tf-acc-reg-1234567890123456789";
    expect((await rig({ nameLimit: 40 }).call("POST", "v1/registries", { body: { name } })).status).toBe(201);
  });

  it("answers 409 to a name in use, in another project too, and while its registry is being deleted", async () => {
    const { call, registry, selectel } = rig();
    const id = await registry("taken");
    const create = (options = {}) => call("POST", "v1/registries", { body: { name: "taken" }, ...options });
    expect((await create()).status).toBe(409);
    const other = selectel.state.addProject("other");
    expect((await create({ headers: { "x-auth-token": other.token } })).status).toBe(409);
    await call("DELETE", `v1/registries/${id}`);
    expect((await create()).status).toBe(409);
    for (let polls = 0; polls < 3; polls++) await call("GET", `v1/registries/${id}`);
    expect((await create()).status).toBe(201);
  });

  it("answers 403 above the limit of registries in a project", async () => {
    const { call } = rig({ registryLimit: 1 });
    expect((await call("POST", "v1/registries", { body: { name: "first" } })).status).toBe(201);
    expect((await call("POST", "v1/registries", { body: { name: "second" } })).status).toBe(403);
  });

  it("allows 100 by default", async () => {
    const { call } = rig();
    for (let count = 1; count <= 100; count++) {
      expect((await call("POST", "v1/registries", { body: { name: `r${count}` } })).status).toBe(201);
    }
    expect((await call("POST", "v1/registries", { body: { name: "r101" } })).status).toBe(403);
  });
});

describe("the life of a registry", () => {
  it.each([
    [0, ["ACTIVE", "ACTIVE"]],
    [1, ["CREATING", "ACTIVE"]],
    [2, ["CREATING", "CREATING", "ACTIVE"]],
  ])("shows CREATING to %d GETs", async (createPolls, expected) => {
    const world = rig({ createPolls });
    const { id } = fields(await world.call("POST", "v1/registries", { body: { name: "test" } }));
    expect(await statuses(world, id, expected.length)).toEqual(expected);
  });

  it("becomes ACTIVE after settleAfter although nobody polls", async () => {
    const { call, clock } = rig({ createPolls: 1000, settleAfter: hour });
    await call("POST", "v1/registries", { body: { name: "test" } });
    clock.advance(hour - 1);
    expect(each(json(await call("GET", "v1/registries")), "status")).toEqual(["CREATING"]);
    clock.advance(1);
    expect(each(json(await call("GET", "v1/registries")), "status")).toEqual(["ACTIVE"]);
  });

  it("ends in ERROR by the switch createResult, and can be deleted then", async () => {
    const world = rig({ createResult: "ERROR", createPolls: 1, deletePolls: 0 });
    const { id } = fields(await world.call("POST", "v1/registries", { body: { name: "test" } }));
    expect(await statuses(world, id, 2)).toEqual(["CREATING", "ERROR"]);
    expect((await world.call("POST", `v1/registries/${id}/garbage-collection`)).status).toBe(409);
    expect((await world.call("DELETE", `v1/registries/${id}`)).status).toBe(204);
    expect(await statuses(world, id, 1)).toEqual([404]);
  });

  it.each([
    [0, [404]],
    [1, ["DELETING", 404]],
    [2, ["DELETING", "DELETING", 404]],
  ])("shows DELETING to %d GETs, then 404", async (deletePolls, expected) => {
    const world = rig({ deletePolls });
    const id = await world.registry("test");
    expect((await world.call("DELETE", `v1/registries/${id}`)).status).toBe(204);
    expect(await statuses(world, id, expected.length)).toEqual(expected);
    expect((await world.call("GET", "v1/registries")).status).toBe(204);
  });

  it("takes a second DELETE as the first, and answers 404 once it is gone", async () => {
    const world = rig();
    const id = await world.registry("test");
    expect((await world.call("DELETE", `v1/registries/${id}`)).status).toBe(204);
    expect((await world.call("DELETE", `v1/registries/${id}`)).status).toBe(204);
    expect(await statuses(world, id, 3)).toEqual(["DELETING", "DELETING", 404]);
    expect((await world.call("DELETE", `v1/registries/${id}`)).status).toBe(404);
  });

  it("takes its images along, and only its own", async () => {
    const world = rig({ deletePolls: 0 });
    const id = await world.registry("team");
    await world.registry("team2");
    putImage(world.store, "team/app", { layers: ["only here"] });
    const layer = digestOf(Buffer.from("only here"));
    expect(world.store.blob(layer)).toBeDefined();
    putImage(world.store, "team2/app", { layers: ["there"] });
    await world.call("DELETE", `v1/registries/${id}`);
    expect(await statuses(world, id, 1)).toEqual([404]);
    expect(world.store.repositories().map(({ name }) => name)).toEqual(["team2/app"]);
    const again = await world.registry("team");
    expect((await world.call("GET", `v1/registries/${again}/repositories`)).status).toBe(204);
    expect(fields(await world.call("GET", `v1/registries/${again}`)).size).toBe(0);
    expect(world.store.blob(layer)).toBeUndefined();
  });

  it("refuses to delete one that holds images by the switch deleteNonEmpty", async () => {
    const { call, registry, store } = rig({ deleteNonEmpty: "conflict" });
    const id = await registry("test");
    const { digest } = putImage(store, "test/app");
    expect((await call("DELETE", `v1/registries/${id}`)).status).toBe(409);
    store.deleteManifest("test/app", digest);
    expect((await call("DELETE", `v1/registries/${id}`)).status).toBe(204);
  });
});

describe("get registry", () => {
  it("computes size and used from what was pushed", async () => {
    const { call, registry, store } = rig({ sizeLimit: 10_000 });
    const id = await registry("test");
    const first = putImage(store, "test/app", { layers: ["x".repeat(1000), "y".repeat(500)], config: { os: "linux" } });
    const second = putImage(store, "test/other", { layers: ["x".repeat(1000)], config: { os: "linux" } });
    store.putBlob("test/other", Buffer.alloc(300));
    const size = 1000 + 500 + '{"os":"linux"}'.length + 300 + first.bytes.length + second.bytes.length;
    const shown = fields(await call("GET", `v1/registries/${id}`));
    expect(shown).toMatchObject({ size, sizeLimit: 10_000, used: Math.round(size) / 100 });
  });

  it.each(["GET", "DELETE"])("answers %s of an unknown id with 404 and the documented text", async (method) => {
    const response = await rig().call(method, "v1/registries/9f3b5b5e-1b5a-4b5c-9b5a-5b5c1b5a4b5c");
    expect(response.status).toBe(404);
    expect(json(response)).toEqual({ error: "Registry not found." });
  });

  it("shows no project another's registries", async () => {
    const { call, registry, selectel } = rig();
    const id = await registry("test");
    const headers = { "x-auth-token": selectel.state.addProject("other").token };
    expect((await call("GET", `v1/registries/${id}`, { headers })).status).toBe(404);
    expect((await call("GET", "v1/registries", { headers })).status).toBe(204);
  });
});

describe("list registries", () => {
  it("is a 204 without a body when there are none, or a 200 by the switch emptyList", async () => {
    expect(await rig().call("GET", "v1/registries")).toEqual({ status: 204 });
    expect(await rig({ emptyList: "200" }).call("GET", "v1/registries")).toEqual({ status: 200, json: [] });
  });

  it("is an array in v1 and an envelope without sizeLimit and used in v2", async () => {
    const { call, registry } = rig();
    const id = await registry("test");
    const v1 = { id, name: "test", createdAt: "2026-01-01T00:00:00.000Z", status: "ACTIVE", size: 0, sizeLimit: 21474836480, used: 0 };
    expect(json(await call("GET", "v1/registries"))).toEqual([v1]);
    const { sizeLimit: _, used: __, ...v2 } = v1;
    expect(json(await call("GET", "v2/registries"))).toEqual({ registries: [v2], totalCount: 1 });
  });

  it("is an empty envelope in v2", async () => {
    expect(await rig().call("GET", "v2/registries")).toEqual({ status: 200, json: { registries: [], totalCount: 0 } });
  });

  it.each([
    ["", ["alpha", "beta", "gamma"]],
    ["sort_type=desc", ["gamma", "beta", "alpha"]],
    ["sort_field=createdAt", ["gamma", "alpha", "beta"]],
    ["sort_field=size&sort_type=desc", ["beta", "alpha", "gamma"]],
    ["search=BET", ["beta"]],
    ["search=a&sort_field=name&limit=2", ["alpha", "beta"]],
  ])("sorts and searches by %s", async (query, expected) => {
    const { call, registry, store, clock } = rig();
    for (const name of ["gamma", "alpha", "beta"]) {
      await registry(name);
      clock.advance(1000);
    }
    putImage(store, "beta/app", { layers: ["x".repeat(2000)] });
    putImage(store, "alpha/app", { layers: ["x".repeat(1000)] });
    expect(each(json(await call("GET", `v1/registries?${query}`)), "name")).toEqual(expected);
    expect(each(fields(await call("GET", `v2/registries?${query}`)).registries, "name")).toEqual(expected);
  });
});

describe("list integrated clusters", () => {
  it("gives what was joined, with its count", async () => {
    const { call, registry, selectel } = rig();
    const id = await registry("test");
    expect(json(await call("GET", `v1/registries/${id}/clusters`))).toEqual({ clusters: [], totalCount: 0 });
    const cluster = { id: "5d8504c1-bb11-43d2-88a8-bb07303422b3", name: "cluster-1", pool: "ru-9" };
    selectel.state.setClusters(id, [cluster]);
    expect(json(await call("GET", `v1/registries/${id}/clusters`))).toEqual({ clusters: [cluster], totalCount: 1 });
  });

  it("answers 404 for an unknown registry", async () => {
    expect((await rig().call("GET", "v1/registries/none/clusters")).status).toBe(404);
  });

  it("can be set only for a registry that exists", () => {
    expect(() => rig().selectel.state.setClusters("none", [])).toThrow("none");
  });
});
