import { gunzipSync } from "node:zlib";
import { digestOf } from "./digest";
import { artifact, image, index, push } from "./images";
import { parseObject } from "./references";
import { testStore } from "./store";

describe("fixtures of images", () => {
  it("are the same bytes for the same options, and others for others", () => {
    const options = { layers: ["a"], labels: { team: "x" }, created: "2020-01-01T00:00:00Z" };
    expect(image(options).digest).toBe(image({ ...options }).digest);
    expect(image({ ...options, layers: ["b"] }).digest).not.toBe(image(options).digest);
    expect(image({ ...options, created: null }).digest).not.toBe(image(options).digest);
  });

  it("describe their blobs as they are, with the digests of the unpacked layers in the config", () => {
    const { blobs, bytes } = image({ layers: ["content", Buffer.from("raw")], labels: { team: "x" } });
    const [config, layer, raw] = blobs.map((blob) => blob.bytes);
    const manifest = parseObject(bytes);
    expect(manifest.config).toMatchObject({ digest: digestOf(config ?? Buffer.alloc(0)), size: config?.length });
    expect(parseObject(config ?? Buffer.alloc(0))).toMatchObject({
      created: "2026-01-01T00:00:00Z",
      os: "linux",
      architecture: "amd64",
      config: { Labels: { team: "x" } },
      rootfs: { diff_ids: [digestOf(gunzipSync(layer ?? Buffer.alloc(0))), digestOf(raw ?? Buffer.alloc(0))] },
    });
    expect(
      gunzipSync(layer ?? Buffer.alloc(0))
        .subarray(512, 519)
        .toString(),
    ).toBe("content");
  });

  it.each([
    { format: "oci", single: "application/vnd.oci.image.manifest.v1+json", list: "application/vnd.oci.image.index.v1+json" },
    {
      format: "docker",
      single: "application/vnd.docker.distribution.manifest.v2+json",
      list: "application/vnd.docker.distribution.manifest.list.v2+json",
    },
  ] as const)("come in the $format format", ({ format, single, list }) => {
    const child = image({ format, platform: { os: "linux", architecture: "arm64" } });
    const multi = index([child], { format });
    expect([child.mediaType, multi.mediaType]).toEqual([single, list]);
    expect(parseObject(multi.bytes).manifests).toEqual([{ ...child.descriptor, platform: { os: "linux", architecture: "arm64" } }]);
  });

  it("attach artifacts to a subject, by fixture or by descriptor", () => {
    const subject = image();
    const plain = { mediaType: subject.mediaType, digest: subject.digest, size: subject.bytes.length };
    expect(parseObject(artifact({ artifactType: "a/b", subject }).bytes).subject).toEqual(plain);
    expect(parseObject(artifact({ artifactType: "a/b", subject: plain }).bytes).subject).toEqual(plain);
    expect(parseObject(artifact({ artifactType: "a/b" }).bytes)).not.toHaveProperty("subject");
  });

  it("are pushed with their children and blobs, under each tag", () => {
    const { store } = testStore();
    const child = image();
    const stored = push(store, "app", ["v1", "latest"], index([child]));
    const repository = store.repository("app");
    expect(Object.fromEntries(repository?.tags ?? [])).toEqual({ v1: stored.digest, latest: stored.digest });
    expect([...(repository?.manifests.keys() ?? [])]).toEqual([child.digest, stored.digest]);
    expect([...(repository?.blobs ?? [])]).toEqual(child.blobs.map(({ digest }) => digest));
  });
});
