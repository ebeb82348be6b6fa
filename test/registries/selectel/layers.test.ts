import { connected } from "./connected";
import type { Reply } from "./scripted-server";

const layer = (name: string, size = 1) => ({ digest: `sha256:${name}`, size });
const image = { digest: "sha256:d", tags: ["v1"], size: 3, layers: [layer("a"), layer("b", 2)] };

/** The sources disagree about this answer; each of these forms was met by somebody. */
const forms: [string, Reply, unknown][] = [
  ["an image, as the vendor describes it", { json: image }, { digest: "sha256:d", layers: image.layers, references: [], image }],
  ["a bare array of layers, as craas-go has it", { json: image.layers }, { layers: image.layers, references: [] }],
  [
    "an object without layers",
    { json: { digest: "sha256:d", tags: ["v1"], size: 1 } },
    { digest: "sha256:d", layers: [], references: [], image: { digest: "sha256:d", tags: ["v1"], size: 1, layers: [] } },
  ],
  ["an array of digests", { json: ["sha256:x", "sha256:y"] }, { layers: [], references: ["sha256:x", "sha256:y"] }],
  [
    "an array of manifests",
    { json: [{ ...layer("x"), mediaType: "application/vnd.oci.image.manifest.v1+json" }] },
    { layers: [], references: ["sha256:x"] },
  ],
  ["an array with one image", { json: [image] }, { digest: "sha256:d", layers: image.layers, references: [], image }],
  [
    "an array with several images",
    { json: [image, { ...image, digest: "sha256:e" }] },
    { layers: [], references: ["sha256:d", "sha256:e"] },
  ],
  ["something nested", { json: { image } }, { digest: "sha256:d", layers: image.layers, references: [], image }],
  ["a manifest", { json: { schemaVersion: 2, config: layer("c"), layers: [layer("a")] } }, { layers: [layer("a")], references: [] }],
  ["an index", { json: { schemaVersion: 2, manifests: [layer("x"), layer("y")] } }, { layers: [], references: ["sha256:x", "sha256:y"] }],
  [
    "nothing but a header",
    { text: "", headers: { "docker-content-digest": "sha256:h" } },
    { digest: "sha256:h", layers: [], references: [] },
  ],
  ["an empty array", { json: [] }, { layers: [], references: [] }],
  ["204", { status: 204 }, { layers: [], references: [] }],
  ["something else", { json: { a: 1, b: "x" } }, { layers: [], references: [] }],
];

describe("the answer to List layers", () => {
  it.each(forms)("may be %s", async (_, reply, expected) => {
    await connected(
      () => reply,
      async ({ client }) => expect(await client.v1.images.layers({ id: "r", name: "a/b", reference: "v1" })).toEqual(expected),
    );
  });

  it("is an error when it is no JSON", async () => {
    await connected(
      () => ({ text: "<html><title>Oops</title></html>" }),
      async ({ client }) => {
        await expect(client.v1.images.layers({ id: "r", name: "a/b", reference: "v1" })).rejects.toMatchObject({
          kind: "answer",
          message: expect.stringContaining("HTML"),
        });
      },
    );
  });
});
