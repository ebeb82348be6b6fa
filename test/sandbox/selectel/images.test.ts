import { fields, imageType, indexType, json, putImage, putIndex, type Rig, rig } from "./rig";

const built = { created: "2022-05-17T22:37:17.011072851Z", os: "linux", architecture: "amd64" };

async function nginx(world: Rig) {
  const id = await world.registry("test");
  const image = putImage(world.store, "test/team/nginx", { tag: "latest", layers: ["x".repeat(300), "y".repeat(200)], config: built });
  return { image, id, path: `v1/registries/${id}/repositories/team%2Fnginx` };
}

const shown = (digest: string, tags: readonly string[]) => ({
  architecture: "amd64",
  createdAt: "2022-05-17T22:37:17.011072851Z",
  digest,
  layers: [
    { digest: expect.stringMatching(/^sha256:/), size: 300 },
    { digest: expect.stringMatching(/^sha256:/), size: 200 },
  ],
  mediaType: imageType,
  os: "linux",
  size: 500,
  tags,
});

describe("list images", () => {
  it("shows build time to the nanosecond, platform, layers, their sum and all tags", async () => {
    const world = rig();
    const { image, id, path } = await nginx(world);
    putImage(world.store, "test/team/nginx", { tag: "1.0", layers: ["x".repeat(300), "y".repeat(200)], config: built });
    const expected = shown(image.digest, ["latest", "1.0"]);
    expect(json(await world.call("GET", `${path}/images`))).toEqual([expected]);
    const page = { filteredCount: 1, images: [expected], totalCount: 1 };
    expect(json(await world.call("GET", `v2/registries/${id}/repositories/team%2Fnginx/images`))).toEqual(page);
  });

  it("takes the time of the push where the configuration has none", async () => {
    const world = rig();
    const id = await world.registry("test");
    putImage(world.store, "test/app", { config: {} });
    const [image] = Object.values(fields(await world.call("GET", `v1/registries/${id}/repositories/app/images`)));
    expect(image).toMatchObject({ createdAt: "2026-01-01T00:00:00.000Z", os: "", architecture: "", tags: [] });
  });

  it("hides indexes, so that their children look like images without tags", async () => {
    const world = rig();
    const { image, path } = await nginx(world);
    const child = putImage(world.store, "test/team/nginx", { layers: ["arm"], config: { os: "linux", architecture: "arm64" } });
    putIndex(world.store, "test/team/nginx", [child], "multi");
    const images = json(await world.call("GET", `${path}/images`));
    expect(images).toMatchObject([
      { digest: image.digest, tags: ["latest"] },
      { digest: child.digest, tags: [] },
    ]);
    expect(images).toHaveLength(2);
    expect(json(await world.call("GET", `${path}/tags`))).toEqual(["latest", "multi"]);
  });

  it.each([
    ["search=LAT", 1, ["latest"]],
    ["search=none", 0, undefined],
    ["limit=1&offset=1", 2, []],
  ])("in v2 searches and pages by %s", async (query, filteredCount, tags) => {
    const world = rig();
    const { id } = await nginx(world);
    putImage(world.store, "test/team/nginx", { layers: ["untagged"] });
    const page = fields(await world.call("GET", `v2/registries/${id}/repositories/team%2Fnginx/images?${query}`));
    expect(page).toMatchObject({ filteredCount, totalCount: 2, images: tags ? [{ tags }] : [] });
  });

  it("is an empty 200 for a repository whose images are gone, and 404 for none", async () => {
    const world = rig();
    const { image, id, path } = await nginx(world);
    world.store.deleteManifest("test/team/nginx", image.digest);
    expect(await world.call("GET", `${path}/images`)).toEqual({ status: 200, json: [] });
    expect(await world.call("GET", `${path}/tags`)).toEqual({ status: 200, json: [] });
    const missing = `registries/${id}/repositories/none`;
    for (const target of [`v1/${missing}/images`, `v2/${missing}/images`, `v1/${missing}/tags`, `v1/${missing}/latest`]) {
      expect((await world.call("GET", target)).status).toBe(404);
    }
  });
});

describe("a repository's slash that came unencoded", () => {
  it.each(["images", "tags"])("gives an empty 200 for %s, or an error by the switch unencodedSlash", async (list) => {
    const world = rig();
    const { id } = await nginx(world);
    const target = `v1/registries/${id}/repositories/team/nginx/${list}`;
    expect(await world.call("GET", target)).toEqual({ status: 200, json: [] });
    world.selectel.state.switches.unencodedSlash = "error";
    expect(await world.call("GET", target)).toEqual({ status: 500, json: { error: "failed to list manifests" } });
  });

  it("gives an empty envelope in v2, and deletes nothing", async () => {
    const world = rig();
    const { image, id } = await nginx(world);
    const base = `registries/${id}/repositories/team/nginx`;
    expect(fields(await world.call("GET", `v2/${base}/images`))).toEqual({ filteredCount: 0, images: [], totalCount: 0 });
    for (const target of [`v1/${base}`, `v1/${base}/${image.digest}`]) expect((await world.call("DELETE", target)).status).toBe(404);
    expect((await world.call("POST", `v1/${base}/cleanup`, { body: { digests: [image.digest] } })).status).toBe(404);
    expect(world.store.repository("test/team/nginx")?.manifests.size).toBe(1);
  });
});

describe("list layers", () => {
  it("gives the image by digest, with a raw or an encoded colon, and by tag", async () => {
    const world = rig();
    const { image, path } = await nginx(world);
    for (const reference of [image.digest, image.digest.replace(":", "%3A"), "latest"]) {
      expect(json(await world.call("GET", `${path}/${reference}`))).toEqual(shown(image.digest, ["latest"]));
    }
  });

  it("gives a bare array by the switch layersShape", async () => {
    const world = rig({ layersShape: "array" });
    const { image, path } = await nginx(world);
    expect(json(await world.call("GET", `${path}/${image.digest}`))).toEqual(shown("", []).layers);
  });

  it.each([indexType, "application/vnd.docker.distribution.manifest.list.v2+json, */*"])(
    "gives [] for an index unless the client accepts it (%s)",
    async (accept) => {
      const world = rig();
      const { path } = await nginx(world);
      const child = putImage(world.store, "test/team/nginx", { layers: ["arm"] });
      const index = putIndex(world.store, "test/team/nginx", [child], "multi");
      expect(json(await world.call("GET", `${path}/multi`))).toEqual([]);
      const headers = { "x-auth-token": world.selectel.credentials.token, accept };
      const layers = [{ digest: child.digest, size: child.bytes.length }];
      const get = async () => json(await world.call("GET", `${path}/multi`, { headers }));
      expect(await get()).toMatchObject({ digest: index.digest, mediaType: indexType, tags: ["multi"], layers });
      world.selectel.state.switches.layersShape = "array";
      expect(await get()).toEqual(layers);
    },
  );

  it("answers 404 to an unknown reference", async () => {
    const world = rig();
    const { path } = await nginx(world);
    expect((await world.call("GET", `${path}/none`)).status).toBe(404);
  });
});
