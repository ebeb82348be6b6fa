import { each, fields, json, putImage, putIndex, type Rig, rig } from "./rig";

const names = (count: number) => Array.from({ length: count }, (_, index) => `r${String(index).padStart(2, "0")}`);

/** A registry with that many repositories r00, r01, … and a `many` with as many images and tags. */
async function filled(world: Rig, count: number): Promise<string> {
  const id = await world.registry("test");
  for (const name of names(count)) {
    putImage(world.store, `test/${name}`);
    world.clock.advance(1000);
  }
  return id;
}

describe("limit and offset", () => {
  it.each([
    ["", names(10)],
    ["limit=3", names(3)],
    ["limit=3&offset=4", ["r04", "r05", "r06"]],
    ["limit=100", names(12)],
    ["offset=10", ["r10", "r11"]],
  ])("give %s", async (query, expected) => {
    const world = rig();
    const id = await filled(world, 12);
    expect(each(json(await world.call("GET", `v1/registries/${id}/repositories?${query}`)), "name")).toEqual(expected);
    const page = fields(await world.call("GET", `v2/registries/${id}/repositories?${query}`));
    expect(each(page.repositories, "name")).toEqual(expected);
    expect(page).toMatchObject({ filteredCount: 12, totalCount: 12 });
  });

  it("count pages by the switch offset", async () => {
    const world = rig({ offset: "pages" });
    const id = await filled(world, 12);
    const page = async (query: string) =>
      each(fields(await world.call("GET", `v2/registries/${id}/repositories?${query}`)).repositories, "name");
    expect(await page("limit=5&offset=1")).toEqual(["r05", "r06", "r07", "r08", "r09"]);
    expect(await page("limit=5&offset=2")).toEqual(["r10", "r11"]);
    expect(await page("limit=5&offset=5")).toEqual([]);
  });

  it("give nothing, and 204 in v1, behind the end", async () => {
    const world = rig();
    const id = await filled(world, 1);
    expect(await world.call("GET", `v1/registries/${id}/repositories?offset=1`)).toEqual({ status: 204 });
    expect(fields(await world.call("GET", `v2/registries/${id}/repositories?offset=1`))).toMatchObject({ repositories: [], totalCount: 1 });
  });

  it("are cut to the switch maxLimit", async () => {
    const world = rig({ maxLimit: 4 });
    const id = await filled(world, 12);
    expect(json(await world.call("GET", `v1/registries/${id}/repositories?limit=100`))).toHaveLength(4);
    expect(json(await world.call("GET", `v1/registries/${id}/repositories?limit=3`))).toHaveLength(3);
  });

  it.each([
    "limit=0",
    "limit=-1",
    "limit=x",
    "limit=1.5",
    "limit=",
    "offset=-1",
    "offset=x",
    "sort_field=color",
    "sort_field=toString",
    "sort_type=up",
  ])("answer 400 to %s", async (query) => {
    const world = rig();
    const id = await filled(world, 1);
    expect((await world.call("GET", `v1/registries/${id}/repositories?${query}`)).status).toBe(400);
    expect((await world.call("GET", `v2/tokens?${query}`)).status).toBe(400);
  });
});

describe("/images and /tags of v1, which document no parameters", () => {
  async function images(world: Rig): Promise<string> {
    const id = await world.registry("test");
    for (const tag of names(12)) putImage(world.store, "test/app", { tag, layers: [tag] });
    return `v1/registries/${id}/repositories/app`;
  }

  it("give everything whatever is asked", async () => {
    const world = rig();
    const path = await images(world);
    expect(json(await world.call("GET", `${path}/images?limit=5`))).toHaveLength(12);
    expect(json(await world.call("GET", `${path}/tags?limit=5`))).toEqual(names(12));
  });

  it("page like the others by the switch undocumentedPaging", async () => {
    const world = rig({ undocumentedPaging: true });
    const path = await images(world);
    expect(json(await world.call("GET", `${path}/images`))).toHaveLength(10);
    expect(json(await world.call("GET", `${path}/tags?limit=2&offset=11`))).toEqual(["r11"]);
  });
});

describe("the fault short-page", () => {
  it("gives fewer items than there are, and the right counts", async () => {
    const world = rig();
    const id = await filled(world, 5);
    const fault = { fault: "short-page", headers: { "x-auth-token": world.selectel.credentials.token } } as const;
    expect(each(json(await world.call("GET", `v1/registries/${id}/repositories?limit=4`, fault)), "name")).toEqual(["r00", "r01"]);
    const page = fields(await world.call("GET", `v2/registries/${id}/repositories?limit=4&offset=3`, fault));
    expect(each(page.repositories, "name")).toEqual(["r03"]);
    expect(page.totalCount).toBe(5);
  });
});

describe("the fault stale-list", () => {
  const stale = (world: Rig) => ({ fault: "stale-list", headers: { "x-auth-token": world.selectel.credentials.token } }) as const;

  it("does not know the newest registry, nor that one is gone", async () => {
    const world = rig({ deletePolls: 0 });
    const id = await world.registry("old");
    world.clock.advance(1000);
    await world.registry("new");
    expect(each(json(await world.call("GET", "v1/registries", stale(world))), "name")).toEqual(["old"]);
    await world.call("DELETE", `v1/registries/${id}`);
    expect(each(json(await world.call("GET", "v1/registries")), "name")).toEqual(["new"]);
    expect(each(json(await world.call("GET", "v1/registries", stale(world))), "name")).toEqual(["new", "old"]);
    world.clock.advance(1000);
    await world.registry("newest");
    expect(each(json(await world.call("GET", "v1/registries", stale(world))), "name")).toEqual(["new"]);
  });

  it("does the same to repositories, images and tags", async () => {
    const world = rig();
    const id = await filled(world, 2);
    const base = `v1/registries/${id}/repositories`;
    expect(each(json(await world.call("GET", base, stale(world))), "name")).toEqual(["r00"]);
    await world.call("DELETE", `${base}/r00`);
    expect(each(json(await world.call("GET", base, stale(world))), "name")).toEqual(["r00", "r01"]);
    const one = putImage(world.store, "test/app", { tag: "one", layers: ["1"] });
    world.clock.advance(1000);
    const two = putImage(world.store, "test/app", { tag: "two", layers: ["2"] });
    expect(each(json(await world.call("GET", `${base}/app/images`, stale(world))), "digest")).toEqual([one.digest]);
    expect(json(await world.call("GET", `${base}/app/tags`, stale(world)))).toEqual(["one"]);
    await world.call("DELETE", `${base}/app/${one.digest}`);
    expect(each(json(await world.call("GET", `${base}/app/images`, stale(world))), "digest")).toEqual([two.digest, one.digest]);
    putImage(world.store, "test/app", { tag: "one", layers: ["1"] });
    expect(json(await world.call("GET", `${base}/app/images`, stale(world)))).toHaveLength(1);
  });

  it("does the same to tokens", async () => {
    const world = rig();
    const create = async (name: string) => {
      world.clock.advance(1000);
      const body = { name, expiration: { isSet: false }, scope: { modeRW: true, allRegistries: true } };
      return fields(await world.call("POST", "v2/tokens", { body })).id;
    };
    const id = await create("one");
    await create("two");
    const list = async () => each(fields(await world.call("GET", "v2/tokens", stale(world))).tokens, "name");
    expect(await list()).toEqual(["one"]);
    await world.call("DELETE", `v2/tokens/${id}`);
    expect(await list()).toEqual(["one", "two"]);
    await create("three");
    expect(await list()).toEqual(["two"]);
  });

  it("leaves what is no list alone", async () => {
    const world = rig();
    const id = await filled(world, 1);
    expect(fields(await world.call("GET", `v1/registries/${id}`, stale(world))).id).toBe(id);
    putIndex(world.store, "test/app", [], "index");
    expect((await world.call("GET", `v1/registries/${id}/repositories/app`, stale(world))).status).toBe(200);
  });
});
