import fc from "fast-check";
import { shaped } from "../../../provider/registries/oci/manifest";
import { plainManifest } from "../../../provider/registries/oci/plain-manifest";

const digest = `sha256:${"0a".repeat(32)}`;
const descriptor = { mediaType: "x/y", digest, size: 1 };
const refuse = (reason: string) => new Error(reason);

/** Now and then something else than it should be. */
const often = <T>(value: fc.Arbitrary<T>) => fc.oneof({ weight: 80, arbitrary: value }, { weight: 1, arbitrary: odd });
const odd = fc.constantFrom<unknown>(
  undefined,
  digest.toUpperCase(),
  "sha256:1",
  null,
  "",
  "x",
  0,
  -1,
  1.5,
  1e300,
  2 ** 53,
  true,
  [],
  ["x"],
  [1],
  {},
  { a: "b" },
  { a: 1 },
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(often(value), { nil: undefined });
const texts = fc.dictionary(fc.constantFrom("a", "b"), fc.string());
const platform = fc.record({
  architecture: often(fc.constantFrom("amd64", "unknown")),
  os: often(fc.constantFrom("linux", "unknown")),
  variant: maybe(fc.string()),
  "os.version": maybe(fc.string()),
  "os.features": maybe(fc.array(fc.string())),
  more: maybe(fc.string()),
});
const descriptors = fc.record({
  mediaType: often(fc.string()),
  digest: often(fc.constantFrom(digest, `sha512:${"1".repeat(128)}`, `blake3:${"2".repeat(64)}`)),
  size: often(fc.nat()),
  annotations: maybe(texts),
  artifactType: maybe(fc.string()),
  platform: maybe(platform),
  urls: maybe(fc.array(fc.string())),
  data: maybe(fc.string()),
  more: maybe(fc.string()),
});
const manifests = fc
  .record({
    schemaVersion: maybe(fc.constant(2)),
    mediaType: maybe(fc.string()),
    artifactType: maybe(fc.string()),
    config: maybe(descriptors),
    layers: maybe(fc.array(descriptors, { maxLength: 3 })),
    blobs: maybe(fc.array(descriptors, { maxLength: 1 })),
    manifests: maybe(fc.array(descriptors, { maxLength: 2 })),
    subject: maybe(descriptors),
    annotations: maybe(texts),
  })
  // As it comes from a server: without what is undefined.
  .map((value): object => JSON.parse(JSON.stringify(value)));

describe("the shorter way of reading a manifest", () => {
  it("gives what the schema gives, or leaves the manifest to it", () => {
    let taken = 0;
    fc.assert(
      fc.property(manifests, (json) => {
        const plain = plainManifest(json);
        if (plain === undefined) return;
        taken++;
        const { config, layers, blobs, manifests, subject, artifactType, annotations } = shaped(json, refuse);
        expect(JSON.parse(JSON.stringify(plain))).toEqual(
          JSON.parse(JSON.stringify({ config, layers, blobs, manifests, subject, artifactType, annotations })),
        );
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  it.each<[string, object]>([
    ["an image", { schemaVersion: 2, mediaType: "x/y", config: descriptor, layers: [descriptor], annotations: { a: "b" } }],
    ["an index", { schemaVersion: 2, manifests: [{ ...descriptor, platform: { architecture: "amd64", os: "linux" } }] }],
    ["a referrer", { schemaVersion: 2, config: descriptor, layers: [], subject: descriptor, artifactType: "x/y" }],
  ])("is taken for %s", (_, json) => {
    expect(plainManifest(json)).toBeDefined();
  });

  it.each<[string, string]>([
    ["null for a list", '{"layers":null}'],
    ["a descriptor without media type", `{"config":{"digest":"${digest}","size":1}}`],
    ["a digest that is none", '{"config":{"mediaType":"x/y","digest":"sha256:1","size":1}}'],
    ["a size that is no whole number", `{"config":{"mediaType":"x/y","digest":"${digest}","size":1.5}}`],
    ["a number beyond all", '{"schemaVersion":1e999}'],
    ["a member called __proto__", '{"annotations":{"__proto__":"x"}}'],
  ])("is not taken for %s", (_, text) => {
    expect(plainManifest(JSON.parse(text))).toBeUndefined();
  });
});
