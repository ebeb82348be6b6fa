import { fields, imageType, json, putImage, putIndex, type Rig, rig } from "./rig";

const digest = `sha256:${"0".repeat(64)}`;

async function repository(world: Rig) {
  const id = await world.registry("test");
  const v1 = putImage(world.store, "test/a/b", { tag: "v1", layers: ["1"] });
  world.store.putManifest("test/a/b", imageType, v1.bytes, "v1-alias");
  const v2 = putImage(world.store, "test/a/b", { tag: "v2", layers: ["2"] });
  const path = `v1/registries/${id}/repositories/a%2Fb`;
  const cleanUp = async (body: unknown) => world.call("POST", `${path}/cleanup`, { body });
  const left = () => [...(world.store.repository("test/a/b")?.manifests.keys() ?? [])];
  const tags = () => [...(world.store.repository("test/a/b")?.tags.keys() ?? [])];
  const status = async () => fields(await world.call("GET", `v1/registries/${id}`)).status;
  return { id, v1, v2, path, cleanUp, left, tags, status };
}

describe("clean up repository", () => {
  it("deletes digests with all their tags and says which", async () => {
    const { v1, v2, cleanUp, left, tags } = await repository(rig());
    const response = await cleanUp({ digests: [v1.digest], disable_gc: true });
    expect(response.status).toBe(200);
    expect(json(response)).toEqual({ deleted: [{ digest: v1.digest, tags: ["v1", "v1-alias"] }], failed: [] });
    expect([left(), tags()]).toEqual([[v2.digest], ["v2"]]);
  });

  it("takes digests together with all their tags, as cleaners send them", async () => {
    const { v1, v2, cleanUp, left } = await repository(rig());
    const body = { digests: [v1.digest, v2.digest, v1.digest], tags: ["v1", "v1-alias", "v2"], disable_gc: true };
    const deleted = [
      { digest: v1.digest, tags: ["v1", "v1-alias"] },
      { digest: v2.digest, tags: ["v2"] },
    ];
    expect(json(await cleanUp(body))).toEqual({ deleted, failed: [] });
    expect(left()).toEqual([]);
  });

  it("by tag deletes the manifest with all its tags", async () => {
    const { v1, v2, cleanUp, left } = await repository(rig());
    expect(json(await cleanUp({ tags: ["v1"], disable_gc: true }))).toEqual({
      deleted: [{ digest: v1.digest, tags: ["v1", "v1-alias"] }],
      failed: [],
    });
    expect(left()).toEqual([v2.digest]);
  });

  it("by tag removes only the tag by the switch tagCleanup", async () => {
    const { v1, v2, cleanUp, left, tags } = await repository(rig({ tagCleanup: "untag" }));
    const deleted = [{ digest: v1.digest, tags: ["v1"] }];
    expect(json(await cleanUp({ tags: ["v1"], disable_gc: true }))).toEqual({ deleted, failed: [] });
    expect([left(), tags()]).toEqual([
      [v1.digest, v2.digest],
      ["v1-alias", "v2"],
    ]);
  });

  it("answers 200 although items fail, and says why", async () => {
    const world = rig();
    const { v1, v2, cleanUp, left } = await repository(world);
    const index = putIndex(world.store, "test/a/b", [v1], "index");
    const response = await cleanUp({ digests: [v1.digest, digest, v2.digest], tags: ["v1", "none"], disable_gc: true });
    expect(response.status).toBe(200);
    expect(json(response)).toEqual({
      deleted: [{ digest: v2.digest, tags: ["v2"] }],
      failed: [
        { digest: v1.digest, error: "Image is referenced by another manifest", tags: ["v1", "v1-alias"] },
        { digest, error: "Image not found", tags: [] },
        { digest: "", error: "Tag not found", tags: ["none"] },
      ],
    });
    expect(left()).toEqual([v1.digest, index.digest]);
  });

  it("deletes children after their index in one batch", async () => {
    const world = rig();
    const { v1, v2, cleanUp, left } = await repository(world);
    const index = putIndex(world.store, "test/a/b", [v1], "index");
    expect(fields(await cleanUp({ digests: [index.digest, v1.digest], disable_gc: true })).failed).toEqual([]);
    expect(left()).toEqual([v2.digest]);
  });

  it.each([
    ["nothing", {}],
    ["null, as Go sends an empty list", { digests: null, tags: null }],
    ["empty lists", { digests: [], tags: [] }],
  ])("does nothing for %s", async (_, body) => {
    const { cleanUp, left } = await repository(rig());
    expect(json(await cleanUp({ ...body, disable_gc: true }))).toEqual({ deleted: [], failed: [] });
    expect(left()).toHaveLength(2);
  });

  it.each([
    ["disable_gc as a string", { digests: [], disable_gc: "true" }],
    ["disable_gc as a number", { digests: [], disable_gc: 1 }],
    ["digests that are no list", { digests: digest }],
    ["tags that are no strings", { tags: [1] }],
    ["no object", "[]"],
    ["no JSON", "{"],
  ])("answers 400 to %s", async (_, body) => {
    const { cleanUp, left, status } = await repository(rig());
    expect((await cleanUp(body)).status).toBe(400);
    expect(left()).toHaveLength(2);
    expect(await status()).toBe("ACTIVE");
  });

  it.each([
    [{ disable_gc: true }, "ACTIVE"],
    [{ disable_gc: false }, "GARBAGE_COLLECTION"],
    [{}, "GARBAGE_COLLECTION"],
  ])("with %j leaves the registry %s", async (flag, expected) => {
    const { v1, cleanUp, status } = await repository(rig());
    await cleanUp({ digests: [v1.digest], ...flag });
    expect(await status()).toBe(expected);
  });

  it("answers 409 during a garbage collection and deletes nothing", async () => {
    const { v1, v2, cleanUp, left } = await repository(rig());
    await cleanUp({ digests: [v1.digest] });
    expect((await cleanUp({ digests: [v2.digest], disable_gc: true })).status).toBe(409);
    expect(left()).toEqual([v2.digest]);
  });

  it("does not bring a registry back that is being deleted", async () => {
    const world = rig();
    const { id, v1, cleanUp, status } = await repository(world);
    await world.call("DELETE", `v1/registries/${id}`);
    expect((await cleanUp({ digests: [v1.digest] })).status).toBe(200);
    expect([await status(), await status()]).toEqual(["DELETING", "DELETING"]);
    expect((await world.call("GET", `v1/registries/${id}`)).status).toBe(404);
  });

  it("answers 404 for an unknown registry or repository", async () => {
    const world = rig();
    const id = await world.registry("test");
    const body = { digests: [] };
    expect((await world.call("POST", `v1/registries/${id}/repositories/none/cleanup`, { body })).status).toBe(404);
    expect((await world.call("POST", "v1/registries/none/repositories/none/cleanup", { body })).status).toBe(404);
  });
});

describe("delete manifest", () => {
  it("deletes the digest with all its tags, once", async () => {
    const world = rig();
    const { v1, v2, path, left, tags, status } = await repository(world);
    expect((await world.call("DELETE", `${path}/${v1.digest}`)).status).toBe(204);
    expect([left(), tags()]).toEqual([[v2.digest], ["v2"]]);
    expect((await world.call("DELETE", `${path}/${v1.digest}`)).status).toBe(404);
    expect(await status()).toBe("ACTIVE");
  });

  it("does not take a tag", async () => {
    const world = rig();
    const { path, left } = await repository(world);
    expect((await world.call("DELETE", `${path}/v1`)).status).toBe(404);
    expect(left()).toHaveLength(2);
  });

  it("answers 409 for the child of an index", async () => {
    const world = rig();
    const { v1, path, left } = await repository(world);
    putIndex(world.store, "test/a/b", [v1]);
    const response = await world.call("DELETE", `${path}/${v1.digest}`);
    expect([response.status, json(response)]).toEqual([409, { error: "Image is referenced by another manifest" }]);
    expect(left()).toContain(v1.digest);
  });

  it("answers 409 during a garbage collection", async () => {
    const world = rig();
    const { id, v1, path, left } = await repository(world);
    await world.call("POST", `v1/registries/${id}/garbage-collection`);
    expect((await world.call("DELETE", `${path}/${v1.digest}`)).status).toBe(409);
    expect(left()).toContain(v1.digest);
  });

  it("starts a garbage collection by the switch deleteStartsGc, so that the next delete is a 409", async () => {
    const world = rig({ deleteStartsGc: true });
    const { v1, v2, path } = await repository(world);
    expect((await world.call("DELETE", `${path}/${v1.digest}`)).status).toBe(204);
    expect((await world.call("DELETE", `${path}/${v2.digest}`)).status).toBe(409);
  });
});
