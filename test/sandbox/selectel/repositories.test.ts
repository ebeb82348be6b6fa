import { each, fields, json, putImage, type Rig, rig } from "./rig";

/** A registry with `app` of 1,000 and `team/web` of 2,000 bytes, pushed in this order. */
async function pushed(world: Rig): Promise<string> {
  const id = await world.registry("test");
  putImage(world.store, "test/team/web", { tag: "v1", layers: ["x".repeat(1998)] });
  world.clock.advance(60_000);
  putImage(world.store, "test/app", { tag: "v1", layers: ["y".repeat(998)] });
  return id;
}

const web = { name: "team/web", size: 2000, type: "image", updatedAt: "2026-01-01T00:00:00.000Z" };
const app = { name: "app", size: 1000, type: "image", updatedAt: "2026-01-01T00:01:00.000Z" };

describe("list repositories", () => {
  it("is a 204 when there are none, or a 200 by the switch emptyList; an empty envelope in v2", async () => {
    const world = rig();
    const id = await world.registry("test");
    expect(await world.call("GET", `v1/registries/${id}/repositories`)).toEqual({ status: 204 });
    const envelope = { filteredCount: 0, repositories: [], totalCount: 0 };
    expect(await world.call("GET", `v2/registries/${id}/repositories`)).toEqual({ status: 200, json: envelope });
    const other = rig({ emptyList: "200" });
    expect(await other.call("GET", `v1/registries/${await other.registry("test")}/repositories`)).toEqual({ status: 200, json: [] });
  });

  it("shows name below the registry, size, type and last push", async () => {
    const world = rig();
    const id = await pushed(world);
    expect(json(await world.call("GET", `v1/registries/${id}/repositories`))).toEqual([app, web]);
    const page = { filteredCount: 2, repositories: [app, web], totalCount: 2 };
    expect(json(await world.call("GET", `v2/registries/${id}/repositories`))).toEqual(page);
  });

  it("hides what was pushed to the registry's root or to a registry with a longer name", async () => {
    const world = rig();
    const id = await world.registry("test");
    putImage(world.store, "test", { tag: "root" });
    putImage(world.store, "test2/app");
    expect((await world.call("GET", `v1/registries/${id}/repositories`)).status).toBe(204);
    expect(fields(await world.call("GET", `v1/registries/${id}`)).size).not.toBe(0);
  });

  it.each([
    ["sort_field=name&sort_type=desc", ["team/web", "app"]],
    ["sort_field=updatedAt", ["team/web", "app"]],
    ["sort_field=updatedAt&sort_type=desc", ["app", "team/web"]],
    ["sort_field=size", ["app", "team/web"]],
    ["sort_field=size&sort_type=desc", ["team/web", "app"]],
    ["search=WEB", ["team/web"]],
  ])("sorts and searches by %s", async (query, expected) => {
    const world = rig();
    const id = await pushed(world);
    expect(each(json(await world.call("GET", `v1/registries/${id}/repositories?${query}`)), "name")).toEqual(expected);
    const page = fields(await world.call("GET", `v2/registries/${id}/repositories?${query}`));
    expect(each(page.repositories, "name")).toEqual(expected);
    expect(page).toMatchObject({ filteredCount: expected.length, totalCount: 2 });
  });

  it.each([
    ["objects", [{ name: "app" }, { name: "team/web" }]],
    ["strings", ["app", "team/web"]],
  ] as const)("gives only names with short=true, as %s", async (shortShape, expected) => {
    const world = rig({ shortShape });
    const id = await pushed(world);
    expect(json(await world.call("GET", `v1/registries/${id}/repositories?short=true`))).toEqual(expected);
    expect(fields(await world.call("GET", `v2/registries/${id}/repositories?short=true`)).repositories).toEqual(expected);
  });

  it("sorts a short answer only by name, and takes only a boolean", async () => {
    const world = rig();
    const id = await pushed(world);
    const list = (query: string) => world.call("GET", `v1/registries/${id}/repositories?${query}`);
    expect((await list("short=true&sort_field=size")).status).toBe(400);
    expect((await list("short=yes")).status).toBe(400);
    expect(json(await list("short=false"))).toEqual([app, web]);
  });

  it("tells Helm charts by their configuration", async () => {
    const world = rig();
    const id = await world.registry("test");
    const chart = {
      schemaVersion: 2,
      config: { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: "sha256:0", size: 0 },
      layers: [],
    };
    world.store.putManifest("test/chart", "application/vnd.oci.image.manifest.v1+json", Buffer.from(JSON.stringify(chart)), "1.0.0");
    expect(fields(await world.call("GET", `v1/registries/${id}/repositories/chart`)).type).toBe("helm_chart");
  });

  it.each(["v1", "v2"])("answers 404 for an unknown registry in %s", async (version) => {
    expect(json(await rig().call("GET", `${version}/registries/none/repositories`))).toEqual({ error: "Registry not found." });
  });
});

describe("get repository", () => {
  it("takes the name as one encoded segment", async () => {
    const world = rig();
    const id = await pushed(world);
    expect(json(await world.call("GET", `v1/registries/${id}/repositories/team%2Fweb`))).toEqual(web);
    expect(json(await world.call("GET", `v1/registries/${id}/repositories/app`))).toEqual(app);
    expect((await world.call("GET", `v1/registries/${id}/repositories/team/web`)).status).toBe(404);
  });

  it("answers 404 where there is none", async () => {
    const world = rig();
    const id = await pushed(world);
    expect((await world.call("GET", `v1/registries/${id}/repositories/none`)).status).toBe(404);
  });
});

describe("delete repository", () => {
  it("answers 204, then 404, and leaves its layers to garbage collection", async () => {
    const world = rig();
    const id = await pushed(world);
    expect((await world.call("DELETE", `v1/registries/${id}/repositories/team%2Fweb`)).status).toBe(204);
    expect((await world.call("DELETE", `v1/registries/${id}/repositories/team%2Fweb`)).status).toBe(404);
    expect(json(await world.call("GET", `v1/registries/${id}/repositories`))).toEqual([app]);
    expect(fields(await world.call("GET", `v1/registries/${id}/garbage-collection/size`)).sizeNonReferenced).toBe(1998);
    expect(fields(await world.call("GET", `v1/registries/${id}`)).status).toBe("ACTIVE");
  });

  it("answers 409 during a garbage collection", async () => {
    const world = rig();
    const id = await pushed(world);
    await world.call("POST", `v1/registries/${id}/garbage-collection`);
    expect((await world.call("DELETE", `v1/registries/${id}/repositories/app`)).status).toBe(409);
  });

  it("starts a garbage collection by the switch deleteStartsGc", async () => {
    const world = rig({ deleteStartsGc: true });
    const id = await pushed(world);
    await world.call("DELETE", `v1/registries/${id}/repositories/app`);
    expect(fields(await world.call("GET", `v1/registries/${id}`)).status).toBe("GARBAGE_COLLECTION");
  });
});
