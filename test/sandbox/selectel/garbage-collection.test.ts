import fc from "fast-check";
import { fields, json, putImage, putIndex, type Rig, rig } from "./rig";

const start = (world: Rig, id: string, query = "") => world.call("POST", `v1/registries/${id}/garbage-collection${query}`);
const status = async (world: Rig, id: string) => fields(await world.call("GET", `v1/registries/${id}`)).status;
const sizes = async (world: Rig, id: string) => fields(await world.call("GET", `v1/registries/${id}/garbage-collection/size`));
const size = async (world: Rig, id: string) => Number(fields(await world.call("GET", `v1/registries/${id}`)).size);

async function finish(world: Rig, id: string): Promise<void> {
  for (let polls = 0; (await status(world, id)) !== "ACTIVE"; polls++) {
    if (polls > 10) throw new Error("the collection did not end");
  }
}

describe("initiate garbage collection", () => {
  it("answers 201 without a body and shows GARBAGE_COLLECTION for gcPolls GETs", async () => {
    for (const [gcPolls, expected] of [
      [0, ["ACTIVE"]],
      [1, ["GARBAGE_COLLECTION", "ACTIVE"]],
      [2, ["GARBAGE_COLLECTION", "GARBAGE_COLLECTION", "ACTIVE"]],
    ] as const) {
      const world = rig({ gcPolls });
      const id = await world.registry("test");
      expect(await start(world, id)).toEqual({ status: 201 });
      for (const each of expected) expect(await status(world, id)).toBe(each);
    }
  });

  it("answers 409 while one runs; whoever only repeats it comes through in the end", async () => {
    const world = rig();
    const id = await world.registry("test");
    await start(world, id);
    const repeated: number[] = [];
    for (let time = 0; time < 3; time++) repeated.push((await start(world, id)).status);
    expect(repeated).toEqual([409, 409, 201]);
  });

  it("ends after settleAfter although nobody polls", async () => {
    const world = rig({ gcPolls: 1000, settleAfter: 300_000 });
    const id = await world.registry("test");
    await start(world, id);
    world.clock.advance(299_999);
    expect((await start(world, id)).status).toBe(409);
    world.clock.advance(1);
    expect((await start(world, id)).status).toBe(201);
  });

  it("answers 409 for a registry that is not ACTIVE yet", async () => {
    const world = rig();
    const { id } = fields(await world.call("POST", "v1/registries", { body: { name: "test" } }));
    expect((await start(world, String(id))).status).toBe(409);
  });

  it("refuses to delete the registry meanwhile", async () => {
    const world = rig();
    const id = await world.registry("test");
    await start(world, id);
    expect((await world.call("DELETE", `v1/registries/${id}`)).status).toBe(409);
  });

  it("answers 404 for an unknown registry and 400 to a delete-untagged that is no boolean", async () => {
    const world = rig();
    expect((await start(world, "none")).status).toBe(404);
    const id = await world.registry("test");
    expect((await start(world, id, "?delete-untagged=1")).status).toBe(400);
    expect(await status(world, id)).toBe("ACTIVE");
  });

  it("removes layers that no manifest names, and spares images without a tag", async () => {
    const world = rig();
    const id = await world.registry("test");
    const untagged = putImage(world.store, "test/app", { layers: ["kept"] });
    const orphan = world.store.putBlob("test/app", Buffer.from("orphan"));
    await start(world, id);
    expect(world.store.blob(orphan)).toBeDefined();
    await finish(world, id);
    expect(world.store.blob(orphan)).toBeUndefined();
    expect(world.store.repository("test/app")?.manifests.has(untagged.digest)).toBe(true);
  });

  it("leaves other registries alone", async () => {
    const world = rig({ gcPolls: 0 });
    const id = await world.registry("test");
    await world.registry("test2");
    const orphan = world.store.putBlob("test2/app", Buffer.from("orphan"));
    await start(world, id, "?delete-untagged=true");
    await status(world, id);
    expect(world.store.blob(orphan)).toBeDefined();
  });

  it.each([
    ["kept", true],
    ["collected", false],
  ] as const)("with delete-untagged removes images without a tag; children of a tagged index are %s", async (untaggedChildren, kept) => {
    const world = rig({ untaggedChildren });
    const id = await world.registry("test");
    const tagged = putImage(world.store, "test/app", { tag: "v1", layers: ["1"] });
    const untagged = putImage(world.store, "test/app", { layers: ["2"] });
    const child = putImage(world.store, "test/app", { layers: ["3"] });
    const index = putIndex(world.store, "test/app", [child], "v2");
    await start(world, id, "?delete-untagged=true");
    await finish(world, id);
    const left = [...(world.store.repository("test/app")?.manifests.keys() ?? [])];
    expect(left).toEqual([tagged.digest, ...(kept ? [child.digest] : []), index.digest]);
    expect(left).not.toContain(untagged.digest);
  });
});

describe("an untagged signature", () => {
  it.each([
    ["stays with its tagged image", "v1", 2],
    ["goes with its untagged image", undefined, 0],
  ])("%s", async (_, tag, left) => {
    const world = rig({ gcPolls: 0 });
    const id = await world.registry("test");
    const image = putImage(world.store, "test/app", { tag });
    putImage(world.store, "test/app", { layers: ["signature"], subject: image.digest });
    await start(world, id, "?delete-untagged=true");
    await finish(world, id);
    expect(world.store.repository("test/app")?.manifests.size).toBe(left);
  });
});

describe("garbage collection size", () => {
  it("tells what is named by nothing from what only images without a tag name", async () => {
    const world = rig();
    const id = await world.registry("test");
    putImage(world.store, "test/app", { tag: "v1", layers: ["shared".repeat(10)] });
    const untagged = putImage(world.store, "test/app", { layers: ["shared".repeat(10), "u".repeat(70)], config: { os: "linux" } });
    world.store.putBlob("test/other", Buffer.alloc(300));
    const sizeUntagged = 70 + '{"os":"linux"}'.length + untagged.bytes.length;
    expect(await sizes(world, id)).toEqual({ sizeNonReferenced: 300, sizeUntagged, sizeSummary: 300 + sizeUntagged });
  });

  it("answers 404 for an unknown registry", async () => {
    const response = await rig().call("GET", "v1/registries/none/garbage-collection/size");
    expect([response.status, json(response)]).toEqual([404, { error: "Registry not found." }]);
  });

  it("is what a collection then frees, whatever was pushed and deleted before", async () => {
    const layer = fc.constantFrom("a", "bb", "ccc".repeat(50), "dddd".repeat(20));
    const step = fc.record({
      repository: fc.constantFrom("test/app", "test/web", "test", "elsewhere/app"),
      tag: fc.option(fc.constantFrom("v1", "v2"), { nil: undefined }),
      layers: fc.array(layer, { maxLength: 3 }),
      after: fc.constantFrom("nothing", "index", "tagged index", "delete manifest", "delete repository", "loose blob", "signature"),
    });
    const untaggedChildren = fc.constantFrom("kept" as const, "collected" as const);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), untaggedChildren, async (steps, children) => {
        const world = rig({ untaggedChildren: children });
        const id = await world.registry("test");
        for (const { repository, tag, layers, after } of steps) {
          const image = putImage(world.store, repository, { tag, layers, config: { layers } });
          if (after === "index") putIndex(world.store, repository, [image]);
          if (after === "tagged index") putIndex(world.store, repository, [image], "index");
          if (after === "signature") putImage(world.store, repository, { layers: ["signature"], subject: image.digest });
          if (after === "delete manifest") world.store.deleteManifest(repository, image.digest);
          if (after === "delete repository") world.store.deleteRepository(repository);
          if (after === "loose blob") world.store.putBlob(repository, Buffer.from(`loose ${layers}`));
        }
        for (const [query, freed] of [
          ["", "sizeNonReferenced"],
          ["?delete-untagged=true", "sizeSummary"],
        ] as const) {
          const before = await size(world, id);
          const promised = await sizes(world, id);
          await start(world, id, query);
          await finish(world, id);
          expect(before - (await size(world, id))).toBe(promised[freed]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
