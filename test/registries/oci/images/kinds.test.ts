import { digestOf, mediaTypes } from "../../../../provider/registries/oci";
import { artifact, type Descriptor, type Fixture, image, index, push } from "../../../sandbox/images";
import { world } from "./world";

const repository = "team/app";
const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";
const blob = (mediaType: string, text: string): Descriptor => ({ mediaType, digest: digestOf(text), size: text.length });
const made = (mediaType: string, document: object, children: readonly Fixture[] = []): Fixture => {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...document }));
  const digest = digestOf(bytes);
  return { mediaType, digest, bytes, blobs: [], children, descriptor: { mediaType, digest, size: bytes.length } };
};
const withConfig = (type: string) => made(mediaTypes.ociManifest, { config: blob(type, type), layers: [blob(layerType, "layer")] });
const amd = image({ layers: ["amd"] });
const arm = image({ layers: ["arm"], platform: { os: "linux", architecture: "arm64" } });
const docker = image({ format: "docker" });
const helm = withConfig("application/vnd.cncf.helm.config.v1+json");
const sbom = artifact({ artifactType: "application/spdx+json" });
const attestation: Fixture = { ...sbom, descriptor: { ...sbom.descriptor, platform: { os: "unknown", architecture: "unknown" } } };
const cacheConfig = "application/vnd.buildkit.cacheconfig.v0";
const cacheIndex = made(mediaTypes.ociIndex, { manifests: [blob(layerType, "1"), blob(layerType, "2"), blob(cacheConfig, "config")] });
const schema1 = made(mediaTypes.schema1, {
  schemaVersion: 1,
  name: repository,
  tag: "v1",
  fsLayers: [{ blobSum: digestOf("1") }],
  history: [],
});
const foreign = made("application/vnd.example.thing.v1+json", { whatever: [1, 2, 3] });
const foreignIndex = made("application/vnd.example.list.v1+json", { manifests: [amd.descriptor, sbom.descriptor] }, [amd, sbom]);
const listed = made(mediaTypes.ociIndex, { manifests: [{ ...amd.descriptor, mediaType: "" }, blob("application/x-thing", "x")] }, [amd]);

describe("The kind of", () => {
  it.each([
    ["an OCI image", amd, "image"],
    ["a Docker image", docker, "image"],
    ["a schema1 image", schema1, "image"],
    ["a Helm chart", helm, "helm"],
    ["an artifact with an empty config", sbom, "other"],
    ["an artifact with a config of its own", withConfig("application/vnd.example.config+json"), "other"],
    ["a build cache that is a manifest", withConfig(cacheConfig), "other"],
    ["a build cache that is an index of layers", cacheIndex, "other"],
    ["an unknown media type", foreign, "other"],
    ["an index of images", index([amd, arm]), "image"],
    ["a Docker manifest list", index([docker], { format: "docker" }), "image"],
    ["an index of images with attestations", index([amd, attestation]), "image"],
    ["an index of charts", index([helm]), "helm"],
    ["an index of an image and a chart", index([amd, helm]), "other"],
    ["an index of attestations only", index([attestation]), "other"],
    ["an empty index", index([]), "other"],
    ["an index of indexes of images", index([index([amd]), index([arm])]), "image"],
    ["a list of referrers", index([sbom]), "other"],
  ])("%s", async (_, fixture, kind) => {
    const { store, registry } = await world();
    push(store, repository, "v1", fixture);
    expect((await registry.inventory(repository)).manifests.get(fixture.digest)?.kind).toBe(kind);
  });

  it("an index of images stays when they are missing, all or some", async () => {
    for (const children of [[], [amd]]) {
      const { store, registry } = await world({ sparse: "all" });
      const multi = index([amd, arm]);
      for (const child of children) push(store, repository, undefined, child);
      store.putManifest(repository, multi.mediaType, multi.bytes, "v1");
      const { manifests, missing } = await registry.inventory(repository);
      expect([manifests.get(multi.digest)?.kind, missing.size]).toEqual(["image", 2 - children.length]);
    }
  });
});

describe("Entries of an index", () => {
  it("that are layers or configs are blobs: not asked for, not missing", async () => {
    const { store, registry, lines } = await world();
    push(store, repository, "cache", cacheIndex);
    const { manifests, missing } = await registry.inventory(repository);
    expect(lines()).toEqual(["GET team/app tags list", "GET team/app manifests cache"]);
    expect(missing.size).toBe(0);
    expect(manifests.get(cacheIndex.digest)).toMatchObject({
      index: true,
      children: [],
      blobs: [blob("", "1"), blob("", "2"), blob("", "config")].map(({ digest, size }) => ({ digest, size })),
    });
  });

  it("of unknown media types are manifests if the registry has such, else blobs; also when it is known from before", async () => {
    const { store, registry } = await world();
    push(store, repository, "list", listed);
    for (let round = 0; round < 2; round++) {
      const { manifests, missing } = await registry.inventory(repository);
      expect(manifests.get(listed.digest)).toMatchObject({ children: [amd.digest], blobs: [{ digest: digestOf("x"), size: 1 }] });
      expect([manifests.size, missing.size]).toEqual([2, 0]);
    }
  });

  it("that occur twice are one child", async () => {
    const { store, registry } = await world();
    const twice = index([amd, amd]);
    push(store, repository, "twice", twice);
    expect((await registry.inventory(repository)).manifests.get(twice.digest)?.children).toEqual([amd.digest]);
  });
});

it("An unknown media type with the form of an index has children; another has none", async () => {
  const { store, registry } = await world();
  push(store, repository, "list", foreignIndex);
  push(store, repository, "thing", foreign);
  const { manifests } = await registry.inventory(repository);
  expect(manifests.get(foreignIndex.digest)).toMatchObject({ index: true, kind: "other", children: [amd.digest, sbom.digest] });
  expect(manifests.get(foreign.digest)).toMatchObject({ index: false, children: [], blobs: [] });
});

it("Content that no media type calls a manifest is none", async () => {
  const { store, registry } = await world();
  store.putManifest(repository, "application/json", Buffer.from("{}"), "v1");
  await expect(registry.inventory(repository)).rejects.toThrow(
    /What team\/app has at v1 \(sha256:44136f.* is no manifest: its type is "application\/json"/,
  );
});
