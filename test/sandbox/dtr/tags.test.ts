import { artifact, image, index, push } from "../images";
import { fields, items, outcome, type Rig, rig } from "./rig";

const TAGS = "repositories/team/app/tags";
const arm = { os: "linux", architecture: "arm64" };

function filled(options: Parameters<typeof rig>[0] = {}): Rig {
  const world = rig(options);
  push(world.store, "team/app", ["v1", "same"], image({ layers: ["a", "bc"] }));
  world.clock.advance(60_000);
  push(world.store, "team/app", "multi", index([image(), image({ platform: arm })]));
  return world;
}

describe("the list of tags", () => {
  it("is a bare array with a manifest of few keys", async () => {
    const app = image({ layers: ["a", "bc"] });
    const [multi, same] = items(await filled().call("GET", TAGS));
    expect(multi).toMatchObject({ name: "multi", updatedAt: "2026-01-01T00:01:00.000123456Z" });
    expect(same).toEqual({
      name: "same",
      digest: app.digest,
      author: expect.stringMatching(/^0{8}-/),
      updatedAt: "2026-01-01T00:00:00.000123456Z",
      createdAt: "2026-01-01T00:00:00.000123456Z",
      hashMismatch: false,
      inNotary: false,
      manifest: {
        digest: app.digest,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        configMediaType: "application/vnd.oci.image.config.v1+json",
        size: app.blobs.reduce((sum, { bytes }) => sum + bytes.length, 0),
        createdAt: "2026-01-01T00:00:00.000123456Z",
      },
    });
  });

  it("has whole manifests with includeManifests, or by the switch tagManifests", async () => {
    const expected = { manifest: { os: "linux", architecture: "amd64", configDigest: image({ layers: ["a", "bc"] }).blobs[0]?.digest } };
    expect(items(await filled().call("GET", `${TAGS}?includeManifests=true`))[1]).toMatchObject(expected);
    expect(items(await filled({ tagManifests: "all" }).call("GET", TAGS))[1]).toMatchObject(expected);
  });

  it("is paged by name", async () => {
    const answer = await filled().call("GET", `${TAGS}?pageSize=2`);
    expect([items(answer).map(({ name }) => name), answer.headers?.["x-next-page-start"]]).toEqual([["multi", "same"], "v1"]);
  });

  it("shows what is signed", async () => {
    const { call, state } = filled();
    state.sign("team/app", "v1");
    expect(items(await call("GET", TAGS)).map(({ inNotary }) => inNotary)).toEqual([false, false, true]);
    expect(() => state.sign("team/app", "none")).toThrow("There is no tag none");
  });
});

describe("one tag", () => {
  it("is an array of one", async () => {
    const [tag, ...more] = items(await filled().call("GET", `${TAGS}/v1`));
    expect(more).toEqual([]);
    expect(tag).toMatchObject({
      name: "v1",
      manifest: { dockerfile: [{ isEmpty: false }, { isEmpty: false }] },
      licenses: [],
      components: [],
    });
  });

  it("of an index is an array of its images, which os and arch narrow", async () => {
    const { call } = filled();
    const architectures = async (query: string) =>
      items(await call("GET", `${TAGS}/multi${query}`)).map(({ manifest }) => (manifest as { architecture: string }).architecture); // as published
    expect(await architectures("")).toEqual(["amd64", "arm64"]);
    expect(await architectures("?os=linux&arch=arm64")).toEqual(["arm64"]);
    expect(outcome(await call("GET", `${TAGS}/multi?os=windows`))).toBe("404 NO_SUCH_REF");
  });

  it("by digest is an array of all tags of it", async () => {
    const { call } = filled();
    const digest = image({ layers: ["a", "bc"] }).digest;
    expect(items(await call("GET", `${TAGS}/${encodeURIComponent(digest)}`)).map(({ name }) => name)).toEqual(["v1", "same"]);
    expect(outcome(await call("GET", `${TAGS}/none`))).toBe("404 NO_SUCH_REF");
    expect(outcome(await call("GET", `${TAGS}/sha256:${"0".repeat(64)}`))).toBe("404 NO_SUCH_REF");
  });
});

describe("deleting a tag", () => {
  it("takes the name away and nothing else", async () => {
    const { call, store, state } = filled();
    expect(outcome(await call("DELETE", `${TAGS}/v1`, { user: "dev" }))).toBe("204");
    const left = store.repository("team/app");
    expect([...(left?.tags.keys() ?? [])]).toEqual(["same", "multi"]);
    expect(left?.manifests.has(image({ layers: ["a", "bc"] }).digest)).toBe(true);
    expect(outcome(await call("DELETE", `${TAGS}/v1`))).toBe("404 NO_SUCH_TAG");
    expect(state.world.events.at(-1)).toMatchObject({ type: "DELETE", object: { type: "TAG", name: "v1" }, repository: "team/app" });
  });

  it("is refused while it is signed", async () => {
    const { call, store, state } = filled();
    state.sign("team/app", "v1");
    expect(outcome(await call("DELETE", `${TAGS}/v1`))).toBe("409 TAG_IN_NOTARY");
    expect(store.repository("team/app")?.tags.has("v1")).toBe(true);
  });
});

describe("manifests", () => {
  const MANIFESTS = "repositories/team/app/manifests";

  it("are listed with all keys, those of indexes with their children", async () => {
    const { call, store } = filled();
    push(store, "team/app", undefined, artifact({ artifactType: "application/x" }));
    const all = items(await call("GET", `${MANIFESTS}?pageSize=50`));
    expect(all).toHaveLength(5);
    const multi = index([image(), image({ platform: arm })]);
    expect(all.find(({ digest }) => digest === multi.digest)).toMatchObject({
      manifests: multi.children.map(({ digest }) => ({ digest })),
    });
    expect(all.find(({ digest }) => digest === image({ platform: arm }).digest)).toMatchObject(arm);
  });

  it("are deleted by digest, with their tags", async () => {
    const { call, store } = filled();
    const { digest } = image({ layers: ["a", "bc"] });
    expect(outcome(await call("DELETE", `${MANIFESTS}/v1`))).toBe("400 INVALID_DIGEST");
    expect(outcome(await call("DELETE", `${MANIFESTS}/${digest}`))).toBe("204");
    expect([...(store.repository("team/app")?.tags.keys() ?? [])]).toEqual(["multi"]);
    expect(outcome(await call("DELETE", `${MANIFESTS}/${digest}`))).toBe("404 NO_SUCH_REF");
  });

  it("are not deleted beneath a signed tag, nor at all by the switch deprecated", async () => {
    const { call, state } = filled();
    state.sign("team/app", "v1");
    expect(outcome(await call("DELETE", `${MANIFESTS}/${image({ layers: ["a", "bc"] }).digest}`))).toBe("409 TAG_IN_NOTARY");
    expect(outcome(await filled({ deprecated: "gone" }).call("DELETE", `${MANIFESTS}/${image().digest}`))).toBe("405 NOT_ALLOWED");
  });
});

describe("promoting a tag", () => {
  const body = { targetRepository: "team/open", targetTag: "stable" };

  it("copies the image with its children, and says from where", async () => {
    const { call, store, state } = filled();
    const answer = await call("POST", `${TAGS}/multi/promotion`, { body });
    const { digest } = index([image(), image({ platform: arm })]);
    expect(answer.status).toBe(201);
    expect(fields(answer)).toEqual({ promotionPolicyID: "", sourceRepository: "team/app", sourceTag: "multi", string: digest });
    const target = store.repository("team/open");
    expect([target?.tags.get("stable"), target?.manifests.size, target?.blobs.size]).toEqual([digest, 3, 3]);
    expect(items(await call("GET", "repositories/team/open/tags"))[0]).toMatchObject({
      promotion: { sourceRepository: "team/app", sourceTag: "multi" },
    });
    expect(state.repository("team/open").pushes).toBe(1);
  });

  it.each([
    ["none", body, "admin", "404 NO_SUCH_TAG"],
    ["v1", { ...body, targetTag: "not a tag" }, "admin", "400 INVALID_TAG_NAME"],
    ["v1", { ...body, targetRepository: "team/none" }, "admin", "404 NO_SUCH_REPOSITORY"],
    ["v1", body, "reader", "403 NOT_AUTHORIZED"],
    ["v1", { ...body, targetRepository: "stranger/own" }, "dev", "404 NO_SUCH_REPOSITORY"],
  ])("%s to %j by %s is %s", async (tag, given, user, expected) => {
    const { call, store } = filled();
    expect(outcome(await call("POST", `${TAGS}/${tag}/promotion`, { body: given, user }))).toBe(expected);
    expect(store.repository("team/open")).toBeUndefined();
  });

  it("needs reading here and writing there", async () => {
    const { call } = filled();
    await call("PUT", "repositories/team/open/teamAccess/readers", { body: { accessLevel: "read-write" } });
    expect(outcome(await call("POST", `${TAGS}/v1/promotion`, { body, user: "reader" }))).toBe("201");
  });

  it("does not go over an immutable tag", async () => {
    const { call } = filled({ repositories: { "team/app": {}, "team/open": { immutableTags: true } } });
    expect(outcome(await call("POST", `${TAGS}/v1/promotion`, { body }))).toBe("201");
    expect(outcome(await call("POST", `${TAGS}/v1/promotion`, { body }))).toBe("400 INVALID_TAG_NAME");
  });
});
